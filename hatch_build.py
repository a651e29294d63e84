"""Build hook: the wheel's bill of materials, as CycloneDX 1.6 in `*.dist-info/sboms/` (PEP 770).

It holds nothing that differs from one build to the next, so no time and no serial number.
"""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GENERATED = (
    (
        "abi3info",
        "src/wheelarch/platforms/stable_abi/table.py",
        "ABI3INFO",
        "The names of the stable ABI, generated from its tables.",
    ),
    (
        "auditwheel",
        "src/wheelarch/platforms/manylinux_table.py",
        "AUDITWHEEL",
        "What manylinux policies allow, generated from its policy file.",
    ),
)
"""What a table is generated from: the project, the table, the constant there with its release, and what it is."""


class BillOfMaterials(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name, "wheelarch.cdx.json")
        path.write_text(json.dumps(self.bill(), indent=2) + "\n", encoding="utf-8", newline="\n")
        build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self.folder.cleanup()

    def bill(self) -> dict[str, Any]:
        core = self.metadata.core
        own = f"pkg:pypi/{core.name}@{self.metadata.version}"
        data = []
        for name, path, constant, description in GENERATED:
            table = Path(self.root, path).read_text(encoding="utf-8")
            (release,) = re.findall(rf'^{constant} = "(.+)"$', table, re.MULTILINE)
            data.append(component("data", name, release, description))
        required = [requirement(text, "required") for text in core.dependencies]
        extra = [
            requirement(text, "optional") for texts in core.optional_dependencies.values() for text in texts
        ]
        return {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {
                "component": {
                    "type": "application",
                    "bom-ref": own,
                    "name": core.name,
                    "version": self.metadata.version,
                    "purl": own,
                    "licenses": [{"expression": core.license_expression}],
                }
            },
            "components": [*data, *required, *extra],
            "dependencies": [{"ref": own, "dependsOn": [one["bom-ref"] for one in (*data, *required)]}],
        }


def component(kind: str, name: str, version: str, description: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "description": description,
    }


def requirement(text: str, scope: str) -> dict[str, Any]:
    """A library that is installed beside the wheel, not shipped in it: of its version only the bounds are known."""
    (name,) = re.findall(r"^[A-Za-z0-9._-]+", text)
    purl = f"pkg:pypi/{name}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "purl": purl,
        "scope": scope,
        "properties": [{"name": "python:requirement", "value": text}],
    }
