"""A piece of law: since when it binds, since when anyone could know it, and where it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.knowledge.event import Citation

LEDGER_BEGINS = date(2022, 8, 1)
"""The first day for which statuses are known."""


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule, letter or guidance. `begins` is the first day in force, `public_from` the first day on which it could be
    read; `confidence` is `confirmed`, `single_source` or `uncertain`."""

    id: str
    name: str
    begins: date
    public_from: date
    citations: tuple[Citation, ...]
    confidence: str = "confirmed"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The day that is asked about, and the day whose knowledge is used (None: all that is known)."""

    day: date
    known_on: date | None = None

    def could_know(self, public_from: date) -> bool:
        """Whether what was public from a day on could be known on the day whose knowledge is used."""
        return self.known_on is None or public_from <= self.known_on

    def knows(self, provision: Provision) -> bool:
        """Whether the provision could be read on the day whose knowledge is used."""
        return self.could_know(provision.public_from)

    def holds(self, provision: Provision) -> bool:
        """Whether the provision is in force on the day, as far as could be known."""
        return provision.begins <= self.day and self.knows(provision)


_ECFR = "https://www.ecfr.gov/current/title-15/subtitle-B/chapter-VII/subchapter-C"
_GOVINFO = "https://www.govinfo.gov/content/pkg"


def _code(title: str, place: str, since: date = LEDGER_BEGINS) -> Citation:
    """A place in the code of regulations, citable for what its title says from the day on which that was public."""
    return Citation(title, f"{_ECFR}/{place}", since=since)


CFR_742_6 = _code("15 CFR 742.6: regional stability", "part-742/section-742.6")
CFR_740_8_NAC = _code("15 CFR 740.8: licence exception NAC", "part-740/section-740.8", date(2023, 10, 17))
CFR_740_8_ACA = _code("15 CFR 740.8: licence exception ACA", "part-740/section-740.8", date(2024, 3, 29))
CFR_740_25 = _code("15 CFR 740.25: licence exception HBM", "part-740/section-740.25", date(2024, 12, 2))
CFR_740_GROUPS = _code(
    "15 CFR part 740, supplement no. 1: Country Groups", "part-740/appendix-Supplement%20No.%201%20to%20Part%20740"
)
CFR_774 = _code("15 CFR part 774, supplement no. 1: ECCN 3A090", "part-774", date(2022, 10, 7))
CFR_774_LIST = _code("15 CFR part 774, supplement no. 1: Commerce Control List", "part-774")
CFR_746 = _code("15 CFR part 746: embargoes and other special controls", "part-746")
CFR_746_8 = _code("15 CFR 746.8: sanctions against Russia and Belarus", "part-746/section-746.8")
GUIDANCE_2026 = Citation(
    "BIS: guidance of 31 May 2026 on parties headquartered in D:5 destinations and Macau",
    "https://www.bis.gov/media/documents/bis-guidance-may-31-2026.pdf",
    date(2026, 5, 31),
)
NVIDIA_10Q_2023 = Citation(
    "Nvidia: Form 10-Q for the quarter to 29 October 2023",
    "https://www.sec.gov/Archives/edgar/data/1045810/000104581023000227/nvda-20231029.htm",
    date(2023, 11, 21),
)
NVIDIA_8K = Citation(
    "Nvidia: Form 8-K of 15 April 2025",
    "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000082/nvda-20250409.htm",
    date(2025, 4, 15),
)
AMD_10Q = Citation(
    "AMD: Form 10-Q for the quarter to 27 June 2026",
    "https://ir.amd.com/financial-information/sec-filings/content/0000002488-26-000123/amd-20260627.htm",
    date(2026, 8, 5),
)
AMD_CHARGE = Citation(
    "techovedas: AMD stumbles as US chip ban hits China exports",
    "https://techovedas.com/800m-blow-amd-stumbles-as-u-s-chip-ban-hits-china-exports/",
)

EMBARGO = Provision(
    "embargo",
    "Embargoed destinations of country groups E:1 and E:2",
    LEDGER_BEGINS,
    LEDGER_BEGINS,
    (CFR_746,),
    "single_source",
)
RUSSIA = Provision(
    "russia",
    "15 CFR 746.8, Russia",
    date(2022, 2, 24),
    date(2022, 2, 24),
    (
        CFR_746_8,
        Citation(
            "87 FR 12226: Implementation of Sanctions Against Russia Under the EAR",
            "https://www.federalregister.gov/citation/87-FR-12226",
            date(2022, 3, 3),
        ),
    ),
)
BELARUS = Provision(
    "belarus",
    "15 CFR 746.8, Belarus",
    date(2022, 3, 2),
    date(2022, 3, 2),
    (
        CFR_746_8,
        Citation(
            "87 FR 13048: Imposition of Sanctions Against Belarus Under the EAR",
            "https://www.federalregister.gov/citation/87-FR-13048",
            date(2022, 3, 8),
        ),
    ),
)
RULE_2022 = Provision(
    "3A090-2022",
    "3A090 of October 2022",
    date(2022, 10, 21),
    date(2022, 10, 7),
    (
        Citation(
            "87 FR 62186: Implementation of Additional Export Controls: Certain Advanced Computing and Semiconductor "
            "Manufacturing Items",
            f"{_GOVINFO}/FR-2022-10-13/html/2022-21658.htm",
            date(2022, 10, 13),
        ),
    ),
)
MACAU = Provision(
    "macau-2023",
    "The controls of October 2022 extended to Macau",
    date(2023, 1, 17),
    date(2023, 1, 17),
    (
        Citation(
            "88 FR 2821: Additional Export Controls extended to Macau",
            "https://www.federalregister.gov/d/2023-00888",
            date(2023, 1, 18),
        ),
    ),
)
LETTER_2023 = Provision(
    "letter-2023-10-23",
    "Letter of 23 October 2023 to Nvidia",
    date(2023, 10, 23),
    date(2023, 10, 24),
    (NVIDIA_10Q_2023,),
)
RULE_2023 = Provision(
    "3A090-2023",
    "3A090 of November 2023",
    date(2023, 11, 17),
    date(2023, 10, 17),
    (
        Citation(
            "88 FR 73458: Implementation of Additional Export Controls: Certain Advanced Computing Items; "
            "Supercomputer and Semiconductor End Use; Updates and Corrections",
            f"{_GOVINFO}/FR-2023-10-25/html/2023-23055.htm",
            date(2023, 10, 25),
        ),
    ),
)
CORRECTION_2024 = Provision(
    "correction-2024",
    "NAC split into NAC and ACA",
    date(2024, 4, 4),
    date(2024, 3, 29),
    (
        Citation(
            "89 FR 23876: corrections and clarifications to the rules of October 2023",
            "https://www.federalregister.gov/documents/2024/04/04/2024-07004/"
            "implementation-of-additional-export-controls-certain-advanced-computing-items-supercomputer-and",
            date(2024, 4, 4),
        ),
    ),
)
HBM_2024 = Provision(
    "3A090.c",
    "High-bandwidth memory, 3A090.c",
    date(2024, 12, 2),
    date(2024, 12, 2),
    (
        Citation(
            "89 FR 96790: Foreign-Produced Direct Product Rule Additions, and Refinements to Controls for Advanced "
            "Computing and Semiconductor Manufacturing Items",
            "https://www.federalregister.gov/d/2024-28270",
            date(2024, 12, 5),
        ),
        CFR_740_25,
    ),
)
DATA_CENTRE_VEU = Provision(
    "data-centre-veu",
    "Data-centre validated end-user programme, 15 CFR 748.15",
    date(2024, 9, 30),
    date(2024, 9, 30),
    (
        Citation(
            "89 FR 80080: Expansion of Validated End User Authorization: Data Center Validated End User Authorization",
            "https://www.federalregister.gov/d/2024-22587",
            date(2024, 10, 2),
        ),
    ),
)
DIFFUSION = Provision(
    "diffusion",
    "Worldwide requirement of the AI Diffusion rule, codified and not enforced",
    date(2025, 1, 13),
    date(2025, 1, 13),
    (
        Citation(
            "90 FR 4544: Framework for Artificial Intelligence Diffusion",
            "https://www.federalregister.gov/documents/2025/01/15/2025-00636/"
            "framework-for-artificial-intelligence-diffusion",
            date(2025, 1, 15),
        ),
    ),
)
NOT_ENFORCED = Provision(
    "diffusion-not-enforced",
    "BIS: the AI Diffusion rule is not enforced; caution about Huawei Ascend chips",
    date(2025, 5, 13),
    date(2025, 5, 13),
    (
        Citation(
            "BIS: rescission of the AI Diffusion Rule, and guidance on Huawei Ascend chips",
            "https://www.bis.gov/press-release/department-commerce-announces-rescission-biden-era-artificial-intelligence-"
            "diffusion-rule-strengthens",
            date(2025, 5, 13),
        ),
    ),
)
LETTER_H20 = Provision(
    "letter-h20",
    "Letter of 9 April 2025 to Nvidia about the H20",
    date(2025, 4, 9),
    date(2025, 4, 15),
    (NVIDIA_8K,),
)
LETTER_MI308 = Provision(
    "letter-mi308",
    "Letter of April 2025 to AMD about the MI308",
    date(2025, 4, 16),
    date(2025, 4, 16),
    (AMD_10Q, AMD_CHARGE),
)
MALAYSIA = Provision(
    "malaysia-2025",
    "Malaysia: Strategic Trade Act 2010, section 12, Directive 1/2025",
    date(2025, 7, 14),
    date(2025, 7, 14),
    (
        Citation(
            "Rahmat Lim & Partners: Malaysia implements export control measures on advanced AI chips",
            "https://www.rahmatlim.com/perspectives/articles/31040/mykh-implements-export-control-measures-on-advanced-ai-chips",
        ),
        Citation(
            "The Business Times: Malaysia tightens export controls on US-origin AI chips",
            "https://www.businesstimes.com.sg/international/asean/"
            "malaysia-tightens-export-controls-us-origin-ai-chips-amid-tariff-talks-washington",
        ),
    ),
)
JANUARY_2026 = Provision(
    "january-2026",
    "Case-by-case review of January 2026",
    date(2026, 1, 15),
    date(2026, 1, 13),
    (
        Citation(
            "91 FR 1684: Revision to License Review Policy for Advanced Computing Commodities",
            f"{_GOVINFO}/FR-2026-01-15/html/2026-00789.htm",
            date(2026, 1, 15),
        ),
        CFR_742_6,
    ),
)
EMIRATES = Provision(
    "emirates-2026",
    "Treatment of the United Arab Emirates",
    date(2026, 7, 10),
    date(2026, 7, 10),
    (
        Citation(
            "91 FR 43034: Enhanced Favorable Treatment for the United Arab Emirates",
            f"{_GOVINFO}/FR-2026-07-14/html/2026-14132.htm",
            date(2026, 7, 14),
        ),
        CFR_740_GROUPS,
    ),
)

PROVISIONS = (
    EMBARGO,
    RUSSIA,
    BELARUS,
    RULE_2022,
    MACAU,
    LETTER_2023,
    RULE_2023,
    CORRECTION_2024,
    DATA_CENTRE_VEU,
    HBM_2024,
    DIFFUSION,
    LETTER_H20,
    LETTER_MI308,
    NOT_ENFORCED,
    MALAYSIA,
    JANUARY_2026,
    EMIRATES,
)
