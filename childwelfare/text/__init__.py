"""Text and dates: one stored form of what people type, pinyin, months, languages, words for scripts."""
