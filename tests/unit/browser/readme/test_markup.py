import pytest

from packages_app.browser.readme.markup import fitted


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<h1>A</h1><h6>B</h6>", "<h3>A</h3><h6>B</h6>", id="headings go below the page's"),
        pytest.param(
            '<img src="https://a.example/x.png" alt="a &quot;badge&quot;">',
            '<span class="picture">a &quot;badge&quot;</span>',
            id="a picture from elsewhere becomes its text",
        ),
        pytest.param('<img src="data:image/svg+xml,x">', '<span class="picture">picture</span>', id="also one in SVG"),
        pytest.param(
            '<img src="data:image/png;base64,AA==" alt="dot">',
            '<img src="data:image/png;base64,AA==" alt="dot">',
            id="a picture within the text stays",
        ),
        pytest.param(
            '<input type="checkbox" checked="" disabled=""> a <input type="checkbox"> b',
            "&#9745; a &#9744; b",
            id="task lists become characters",
        ),
        pytest.param('<a href="docs/x.md">x</a>', "<a>x</a>", id="a relative link leads nowhere"),
        pytest.param('<a href="//evil.example">x</a>', "<a>x</a>", id="nor does one without a scheme"),
        pytest.param('<a href="#content">x</a>', '<a href="#user-content-content">x</a>', id="anchors stay apart"),
        pytest.param('<p id="content">x</p>', '<p id="user-content-content">x</p>', id="and so do ids"),
        pytest.param(
            '<div class="note error panel">x</div>', "<div>x</div>", id="nothing can look like the page's own"
        ),
        pytest.param('<span class="kn x secret">x</span>', '<span class="kn x">x</span>', id="highlighting stays"),
        pytest.param('<aside class="admonition">x</aside>', '<aside class="admonition">x</aside>', id="notes stay"),
        pytest.param('<a href="#x"></a>b', "b", id="an empty link goes"),
        pytest.param("a &lt;b&gt; &amp; &#60; c", "a &lt;b&gt; &amp; &#60; c", id="what is escaped stays escaped"),
        pytest.param('<td title="<b>">x</td>', '<td title="&lt;b&gt;">x</td>', id="attributes are escaped"),
    ],
)
def test_clean_markup_is_fitted_into_the_page(html, expected):
    assert fitted(html) == expected


def test_what_scrolls_is_reached_by_the_keyboard():
    assert fitted('<pre lang="python">x</pre>') == '<pre tabindex="0">x</pre>'
    assert fitted("<table></table>") == '<div class="scroll" tabindex="0"><table></table></div>'
