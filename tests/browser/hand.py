"""A hand on a phone that keeps count: how long the same input takes a person who is no typist.

The keystroke-level model (Card, Moran and Newell, 1980) with slow values: looking for a place and tapping it, a letter
on the screen's keyboard, a Chinese character by pinyin and its choice from the row. Counted, not timed: the figure is
the same on every machine, and grows with every question that the form asks more.
"""

LOOK_AND_TAP, KEY, CHARACTER, SCROLL = 2.0, 0.5, 2.0, 1.0


class Hand:
    """``seconds`` tells what the input so far would have taken, ``taps`` how often the hand touched the screen."""

    def __init__(self, page):
        self.page, self.seconds, self.taps = page, 0.0, 0

    def tap(self, selector: str):
        self.page.locator(selector).first.click()
        self.seconds += LOOK_AND_TAP
        self.taps += 1

    def answer(self, name: str, value: str):
        """One of the big answers."""
        self.tap(f'label.answer:has(input[name="{name}"][value="{value}"])')

    def write(self, name: str, text: str):
        """Into the field ``name``, key by key, so that its script sees each."""
        field = self.page.locator(f"[name={name}]")
        field.click()
        field.type(text)
        self.seconds += SCROLL + LOOK_AND_TAP + sum(KEY if c.isascii() else CHARACTER for c in text)

    def pick(self, name: str, value: str):
        """From a list: open it, look it through, tap."""
        self.page.select_option(f"[name={name}]", value)
        self.seconds += SCROLL + 3 * LOOK_AND_TAP

    def onward(self):
        """To the next step of a phone; a desktop shows all of them on one page."""
        if self.page.locator(".step-next:visible").count():
            self.tap(".step-next:visible")
            return
        for fold in self.page.locator("details.fold-part:not([open]) > summary").all()[:1]:
            fold.click()
            self.seconds += LOOK_AND_TAP
