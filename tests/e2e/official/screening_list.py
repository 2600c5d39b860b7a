"""The Entity List of the Bureau of Industry and Security, as recorded on four days of 2023.

Read by hand: 30 Nov: 2,607 names in 4,679 address rows (the baseline). 7 Dec: 24 names more, in 47 rows; no name is
gone and no row of a known name differs. 8 Dec: the file breaks off after 899 rows (417 names): absurd. 9 Dec: the file
of 7 Dec again, with the same ETag: no change, and what was held is over.
"""

SOURCE = "entity-list"

CHANGES = {SOURCE: [("2023-12-07T12:00:00+00:00", "rows", "EL", "Entity List", (24, 0, 0))]}
NOTICES = {SOURCE: [("2023-12-08T12:00:00+00:00", "held"), ("2023-12-09T12:00:00+00:00", "recovered")]}

ADDED = {
    "Anastasya Arkhipova": "RU",
    "Ann Teck Tong": "MY",
    "CLC Holdings Limited": "HK",
    "Chengdu Latest Electronics Technology Company": "CN",
    "Cheung Bako": "HK",
    "Farhad Maani": "IR",
    "Focus Middle East": "AE",
    "Hangzhou Hikvision Digital Technology Co., Ltd.": "CN",
    "Huawei OpenLab Paris": "FR",
    "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Hangzhou New Longshine Information Technology Co., "
    "Ltd.": "CN",
    "Iman Group": "PK",
    "Jason Shuai": "HK",
    "Joint Stock Company Research and Production Company Micran": "RU",
    "Kitro Corporation": "CA",
    "Luc Teuly": "FR",
    "Muhamad Fazil bin Khalid": "MY",
    "Nur Rochman Achmad": "MY",
    "OAO ?Uranis-Radiosistemy?": "UA",
    "Olga Petrovna Kuznetsova": "RU",
    "Proven Glory": "GB",
    "Rigsol Well Drilling Equipment Trading": "AE",
    "Scientific Studies and Research Center (SSRC)": "SY",
    "Set Petrochemicals Oy": "FI",
    "Ugolnye Tekhnologii, OOO": "RU",
}
"""The names that came, each with the country of its first address."""

CONCERN_CHIPS = {
    "Huawei OpenLab Paris",
    (
        "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Hangzhou New Longshine Information Technology Co., "
        "Ltd."
    ),
}
"""Those with footnote 1, the foreign-direct-product rule of 15 CFR 734.9(e)(1)."""
