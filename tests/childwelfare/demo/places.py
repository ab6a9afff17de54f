"""The places that the demo fills with people."""

from tests.builders import a_city, a_unit


def a_county_of_two_townships():
    county = a_unit(a_city(), name="荥阳市", code="410182000000")
    for place in ("高村乡", "索河街道"):
        township = a_unit(county, name=place)
        for number, village in enumerate(("刘沟村委会", "枣树沟村委会", "吴村村委会")):
            a_unit(township, name=village, code=f"4101822{len(place)}{number:04}")
