"""What the toolbox lists: stable ids, complete help, plain spellings."""

from __future__ import annotations

import re
import subprocess
import sys
from html import escape

import pytest
from qgis.core import QgsProcessingParameterEnum

from satfusion_qgis.catalogue import CATALOGUE
from tests.qgis.conftest import ROOT

IDS = [
    "assess_methods",
    "assess_noreference",
    "assess_reference",
    "engine_check",
    "engine_install",
    "pansharpen",
    "pansharpen_awlp",
    "pansharpen_bdsd",
    "pansharpen_brovey",
    "pansharpen_bt_h",
    "pansharpen_exp",
    "pansharpen_gihs",
    "pansharpen_gs",
    "pansharpen_gsa",
    "pansharpen_hpf",
    "pansharpen_mtf_glp",
    "pansharpen_mtf_glp_cbd",
    "pansharpen_mtf_glp_fs",
    "pansharpen_mtf_glp_hpm",
    "pansharpen_mtf_glp_local",
    "pansharpen_pca",
    "pansharpen_pracs",
    "pansharpen_sfim",
    "prepare_degrade",
    "prepare_product",
    "rerun",
]


def test_ids_are_stable(provider):
    names = {algorithm.name() for algorithm in provider.algorithms()}
    assert names.issuperset(IDS)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_method_of_a_shown_task_is_listed(provider):
    wanted = {f"pansharpen_{method.id}" for method in CATALOGUE.methods_of("pansharpening")}
    assert wanted <= {algorithm.name() for algorithm in provider.algorithms()}


def test_every_algorithm_explains_itself(provider):
    for algorithm in provider.algorithms():
        about = algorithm.about
        assert about.citations and all(about.citations), algorithm.name()
        page = algorithm.shortHelpString()
        assert escape(about.citations[0], quote=False) in page, algorithm.name()
        assert algorithm.shortDescription(), algorithm.name()
        assert algorithm.group() and algorithm.groupId(), algorithm.name()
        assert "satfusion" in algorithm.tags(), algorithm.name()
        assert algorithm.helpUrl().startswith("http"), algorithm.name()
        assert not algorithm.icon().isNull(), algorithm.name()
        for definition in algorithm.parameterDefinitions():
            assert definition.help(), (algorithm.name(), definition.name())
            assert definition.help().endswith("."), (algorithm.name(), definition.name())
            assert definition.description() != definition.name(), (algorithm.name(), definition.name())


def test_choices_are_words_not_numbers(provider):
    for algorithm in provider.algorithms():
        for definition in algorithm.parameterDefinitions():
            if isinstance(definition, QgsProcessingParameterEnum):
                assert definition.usesStaticStrings(), (algorithm.name(), definition.name())
                if definition.allowMultiple() and definition.defaultValue() is None:
                    continue  # none chosen stands for all
                assert definition.defaultValue() in definition.options(), (
                    algorithm.name(),
                    definition.name(),
                )


def test_two_layers_are_enough(provider):
    for name in IDS:
        algorithm = provider.algorithm(name)
        needed = [
            item.name()
            for item in algorithm.parameterDefinitions()
            if not item.isDestination()
            and item.defaultValue() is None
            and not item.flags() & type(item).Flag.FlagOptional
        ]
        assert len(needed) <= 2, (name, needed)


def test_a_new_instance_is_the_same_algorithm(provider):
    for algorithm in provider.algorithms():
        copy = algorithm.create()
        assert copy.name() == algorithm.name()
        assert [item.name() for item in copy.parameterDefinitions()] == [
            item.name() for item in algorithm.parameterDefinitions()
        ]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"PyQt[56]", "QGIS's own qgis.PyQt spans both"),
        (r"\bexec_\(", "gone with Qt 6"),
        (r"\bprint\(", "breaks the JSON that qgis_process writes"),
        (r"^\s*assert\b", "not a check of input"),
        (r"Qgis\.Processing\w+\.", "missing in QGIS 3.22"),
        (r"\bQgs(?:Task|ProcessingAlgorithm|ProcessingParameterDefinition)\.Flag[A-Z]", "unscoped"),
        (r"\bFlag(?:Advanced|Optional|Hidden|NoThreading|CanCancel)\b(?<!Flag\.Flag\w)", "see below"),
        (r"QgsProcessing\.Type[A-Z]", "unscoped"),
        (r"QgsProcessingParameterNumber\.(?:Integer|Double)\b", "unscoped"),
        (r"\bQt\.[A-Z][a-z]+[A-Z]?[a-z]*\b(?!\.)", "unscoped"),
        (r"\bQgis\.(?:Info|Warning|Critical|Success|Float32|Byte|UInt16)\b", "unscoped"),
    ],
)
def test_spellings_that_do_not_span_all_versions(pattern, why):
    found = []
    for folder in ("algorithms", "gui"):
        for path in sorted((ROOT / "satfusion_qgis" / folder).rglob("*.py")):
            found += _matches(pattern, path)
    for name in ("plugin.py", "compat.py", "__init__.py"):
        found += _matches(pattern, ROOT / "satfusion_qgis" / name)
    assert not found, why


def _matches(pattern, path):
    lines = path.read_text(encoding="utf-8").splitlines()
    # A scoped flag is Class.Flag.FlagName; what is left after taking those away is not.
    lines = [re.sub(r"\.(Flag|Type|SourceType|Behavior)\.\w+", "", line) for line in lines]
    return [f"{path.name}: {line.strip()}" for line in lines if re.search(pattern, line)]


def test_compat_stays_small():
    assert len((ROOT / "satfusion_qgis" / "compat.py").read_text().splitlines()) <= 60


def test_listing_computes_nothing(application):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from satfusion_qgis.algorithms.provider import SatFusionProvider; SatFusionProvider(); "
        "heavy = ('torch', 'onnxruntime', 'satfusion_qgis.classical.pansharpening.'); "
        "bad = [name for name in sys.modules if name.startswith(heavy)]; "
        "sys.exit(', '.join(bad) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
