"""What the rules find about the files of the demo's county, and one decision on it."""

from childwelfare.demo.makers import MAKERS, Demo
from registry.child.demo import demo_station
from registry.findings.models import Finding, FindingDecision
from registry.findings.services.decide import decide_finding
from registry.findings.services.recount import recount_findings


def make_findings(demo: Demo) -> None:
    station = demo_station()
    if station is None:
        return
    recount_findings(station.clerk.unit.county)
    open_here = Finding.objects.visible_to(station.clerk, "decide_category").open()
    found = open_here.order_by("-kind", "pk").first()
    if found:
        decide_finding(
            found,
            by=station.second,
            seen_version=found.version,
            decision=FindingDecision.KEEP,
            reason="已上门核实，材料正在补办",
        )


MAKERS.add(make_findings, order=63)
