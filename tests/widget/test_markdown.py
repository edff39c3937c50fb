"""The assistant's Markdown, as elements: what is safe becomes one, all else stays text."""

from __future__ import annotations

import pytest

LINK = (
    '<a href="{0}" target="_blank" rel="noopener noreferrer">{1}'
    '<span class="unseen"> (opens in a new tab)</span></a>'
)


def see(href: str, label: str = "see") -> str:
    return LINK.format(href, label)


CASES = {
    "plain": "<p>plain</p>",
    "one\ntwo\n\nthree": "<p>one<br>two</p><p>three</p>",
    "a **bold** word": "<p>a <strong>bold</strong> word</p>",
    "2 ** 3 ** 4 and **": "<p>2 <strong> 3 </strong> 4 and **</p>",
    "- one\n* two": "<ul><li>one</li><li>two</li></ul>",
    "First:\n1. one\n2. **two**": (
        '<p>First:</p><ol start="1"><li>one</li><li><strong>two</strong></li></ol>'
    ),
    "3) three": '<ol start="3"><li>three</li></ol>',
    "-no list": "<p>-no list</p>",
    "[call](tel:+4420)": '<p><a href="tel:+4420">call</a></p>',
    "[write](mailto:a@b.example)": '<p><a href="mailto:a@b.example">write</a></p>',
    "[see](https://a.example/b?c=d)": f"<p>{see('https://a.example/b?c=d')}</p>",
    "see https://a.example/b.": f"<p>see {see(*['https://a.example/b'] * 2)}.</p>",
    "[x](javascript:alert(1))": "<p>[x](javascript:alert(1))</p>",
    "[x](JaVaScRiPt:alert)": "<p>[x](JaVaScRiPt:alert)</p>",
    "[x](data:text/html,a)": "<p>[x](data:text/html,a)</p>",
    "[x](//a.example)": "<p>[x](//a.example)</p>",
    "[x](/admin)": "<p>[x](/admin)</p>",
    "[x](https://)": "<p>[x](https://)</p>",
    "[x](vbscript:a)": "<p>[x](vbscript:a)</p>",
    "**[see](https://a.example)**": f"<p><strong>{see('https://a.example')}</strong></p>",
    '[see](https://a.example/"onclick="b)': (
        f"<p>{see('https://a.example/&quot;onclick=&quot;b')}</p>"
    ),
    "<b>no</b> &amp; <!-- no -->": "<p>&lt;b&gt;no&lt;/b&gt; &amp;amp; &lt;!-- no --&gt;</p>",
    "a | b": "<p>a | b</p>",
    "| a | b |\n|---|:--|\n| c | **d** |\n| e |\nend": (
        '<div class="table" role="region" aria-label="Table" tabindex="0"><table>'
        '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
        '<tbody><tr><th scope="row">c</th><td><strong>d</strong></td></tr>'
        '<tr><th scope="row">e</th></tr></tbody></table></div><p>end</p>'
    ),
    "| | a |\n|--|--|\n": (
        '<div class="table" role="region" aria-label="Table" tabindex="0"><table>'
        '<thead><tr><td></td><th scope="col">a</th></tr></thead><tbody></tbody></table></div>'
    ),
    "": "",
}
RENDER = """async (text) => {
    const { rendered } = await import('/widget/markdown.js');
    const place = document.createElement('div');
    place.append(rendered(text));
    return place.innerHTML;
}"""


@pytest.fixture(scope="module")
async def page(browser, running_site):
    """One page for all: nothing here leaves anything on it."""
    page = await browser.new_page()
    await page.goto(running_site.url)
    yield page
    await page.close()


@pytest.mark.parametrize("text", CASES)
async def test_it_becomes(page, text):
    assert await page.evaluate(RENDER, text) == CASES[text]


async def test_long_and_odd_texts_take_no_time(page):
    took = """async (text) => {
        const { rendered } = await import('/widget/markdown.js');
        const start = performance.now();
        rendered(text);
        return performance.now() - start;
    }"""
    for odd in ("[", "**", "[a](", "|", "- ", "|-", "https://", "1. ", "\n"):
        assert await page.evaluate(took, odd * 8_000) < 1_000, odd
