"""A page of HTML becomes a PDF, in a process of its own: ``python -m childwelfare.typesetting.process STYLE SCALE``.

Reads HTML from its input, writes the PDF to its output. It knows nothing of Django. WeasyPrint and Pango hold the
Chinese fonts (20 MB each) several times over for each thread that ever set a page, and keep them: the web process grew
by 150 MB a form, to 1.6 GB. A process that ends gives everything back.
"""

import sys
from pathlib import Path

# The machine lacks the system's libraries for setting text (Pango), or WeasyPrint itself.
NO_LIBRARIES = 69  # EX_UNAVAILABLE of sysexits.h


def main() -> int:
    """Set one page. Fetches nothing, neither from the network nor from the disk."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NO_LIBRARIES
    style = weasyprint.CSS(string=Path(sys.argv[1]).read_text(), url_fetcher=_fetch_nothing)
    page = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=_fetch_nothing)
    sys.stdout.buffer.write(page.write_pdf(stylesheets=[style], zoom=float(sys.argv[2])))
    return 0


def _fetch_nothing(url, *args, **kwargs):
    raise ValueError(f"a form holds all it shows: {url}")


if __name__ == "__main__":
    sys.exit(main())
