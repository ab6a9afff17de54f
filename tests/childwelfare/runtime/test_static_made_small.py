"""What is large is sent compressed also where nothing compresses on the way (./dev run)."""

import gzip


def test_the_charts_lie_there_compressed_and_the_same(pytestconfig):
    charts = pytestconfig.rootpath / "static/vendor/echarts/echarts.min.js"
    compressed = charts.with_suffix(".js.gz").read_bytes()
    assert gzip.decompress(compressed) == charts.read_bytes(), "gzip -9 -n -k -f it anew"


def test_it_is_sent_so(client):
    from django.templatetags.static import static

    answer = client.get(static("vendor/echarts/echarts.min.js"), headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip"
