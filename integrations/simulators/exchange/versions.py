"""The products that are played, and the schema that each understands."""

from dataclasses import dataclass

SCHEMAS = (
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2015_SP1",
    "Exchange2016",
)


@dataclass(frozen=True)
class Product:
    major: int
    minor: int
    build: int
    schema: str
    named: str

    def understands(self, schema: str) -> bool:
        return schema in SCHEMAS and SCHEMAS.index(schema) <= SCHEMAS.index(self.schema)


PRODUCTS = {
    "2013": Product(15, 0, 1497, "Exchange2013_SP1", "V2_23"),
    "2016": Product(15, 1, 2507, "Exchange2016", "V2017_07_11"),
    "2019": Product(15, 2, 1544, "Exchange2016", "V2017_07_11"),
    "se": Product(15, 2, 2562, "Exchange2016", "V2017_07_11"),
    "online": Product(15, 20, 8000, "Exchange2016", "V2018_01_08"),
}
