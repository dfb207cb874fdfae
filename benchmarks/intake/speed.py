"""CPU seconds a page: the product, bare tesserocr, and OCRmyPDF as a well-known peer runs it.

All three read the same scans.  The product does the whole way (receive, store, recognise, preview,
thumbnail, archive copy, cut, classify, match, route, deliver, index); the others only read, and
OCRmyPDF writes its PDF/A.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import img2pdf
import processes
import pypdfium2
import texts
import typst
from PIL import Image

from eakte.demo.authority import demo_register
from eakte.demo.letters import generate
from eakte.demo.spoiling import Spoil, spoil

TODAY = date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]
EAKTE = (sys.executable, "-m", "eakte")
CHANCES = ((Spoil.NOISE, 0.85), (Spoil.GREY, 0.6), (Spoil.SKEW, 0.6), (Spoil.STAMP, 0.4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a system took for ``pages`` pages: CPU of its whole process tree, and by the clock."""

    system: str
    pages: int
    cpu: float
    wall: float
    remark: str = ""

    @property
    def cpu_a_page(self) -> float:
        """CPU seconds a page."""
        return self.cpu / max(1, self.pages)


def scans(folder: Path, letters: int) -> int:
    """Demo letters as upright 300-dpi scans (PDF of JPEG pages) in ``folder``; how many pages."""
    folder.mkdir(parents=True)
    pages = 0
    for one in generate(demo_register(today=TODAY), count=letters, today=TODAY, seed=77):
        rng = Random(f"bench:{one.name}")
        pictures = []
        for picture in _rendered(one.pdf):
            kinds = [kind for kind, chance in CHANCES if rng.random() < chance]
            pictures.append(texts.jpeg(spoil(picture, rng, kinds, dpi=texts.DPI, stamp=TODAY)))
        (folder / f"{one.name}.pdf").write_bytes(img2pdf.convert(pictures))
        pages += len(pictures)
    return pages


def born_digital(folder: Path, letters: int) -> int:
    """The same kind of letters as a program wrote them."""
    folder.mkdir(parents=True)
    pages = 0
    for one in generate(demo_register(today=TODAY), count=letters, today=TODAY, seed=78):
        (folder / f"{one.name}.pdf").write_bytes(one.pdf)
        pages += one.pages
    return pages


_LONG = """
#set page(paper: "a4", margin: 25mm)
#set text(font: "Liberation Sans", size: 11pt)
#for page in json(bytes(sys.inputs.pages)) [
  #for line in page [#line \\ ]
  #pagebreak(weak: true)
]
"""


def long_born_digital(folder: Path, files: int, pages: int = 10) -> int:
    """Files of ``pages`` pages with the words of the same letters; how many pages."""
    folder.mkdir(parents=True)
    letters = generate(demo_register(today=TODAY), count=files * pages, today=TODAY, seed=79)
    written = [[line for page in one.truth.lines for line in page][:40] for one in letters]
    for number in range(files):
        part = written[number * pages : (number + 1) * pages]
        pdf = typst.compile(_LONG.encode(), format="pdf", sys_inputs={"pages": json.dumps(part)})
        (folder / f"lang-{number}.pdf").write_bytes(pdf)
    return files * pages


def _rendered(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=texts.DPI / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def fresh_home(home: Path) -> dict[str, str]:
    """The environment of a product with the demo authority and an empty store."""
    environment = {**os.environ, "EAKTE_HOME": str(home), "EAKTE_CONFIG": str(ROOT / "config")}
    subprocess.run([*EAKTE, "init", "--demo"], env=environment, check=True, capture_output=True)
    return environment


def product(folder: Path, pages: int, home: Path, name: str = "this product") -> Run:
    """``eakte worker --with-inbox``: from the inbox to delivered, its index brought up to date.

    Begins when the worker is ready and ends when every document is through and the index has
    followed; what starting takes does not count, as it is paid once a day.
    """
    environment = fresh_home(home)
    process = subprocess.Popen(
        [*EAKTE, "worker", "--with-inbox"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        files = sorted(folder.iterdir())
        _put(files[:1], home / "inbox")  # the first file loads the models
        _wait_until_through(home / "eakte.sqlite", 1, process)
        before, started = processes.cpu_seconds(process.pid), time.monotonic()
        _put(files[1:], home / "inbox")
        _wait_until_through(home / "eakte.sqlite", len(files), process)
        cpu, wall = processes.cpu_seconds(process.pid) - before, time.monotonic() - started
    finally:
        process.terminate()
        process.wait()
    counted = pages - _pages_of(home / "eakte.sqlite", files[0].name)
    return Run(system=name, pages=counted, cpu=cpu, wall=wall, remark=f"{len(files) - 1} files")


def _put(files: list[Path], inbox: Path) -> None:
    for path in files:
        part = inbox / f".{path.name}.part"
        shutil.copyfile(path, part)
        part.rename(inbox / path.name)


_THROUGH = """
SELECT (SELECT count(*) FROM sources s WHERE s.state IN ('quarantined', 'waiting')
        OR (s.state = 'cut' AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.source_id = s.id
            AND d.state IN ('cut', 'classified', 'identified', 'routed')))),
       (SELECT count(*) FROM index_outbox)
"""


def _wait_until_through(database: Path, files: int, process: subprocess.Popen[bytes]) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        while process.poll() is None:
            through, waiting = connection.execute(_THROUGH).fetchone()
            if through >= files and not waiting:
                return
            time.sleep(0.2)
    raise RuntimeError("the worker ended before its work did")


def _pages_of(database: Path, name: str) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT page_count FROM sources WHERE name = ?", (name,))
        return int(row.fetchone()[0])


def bare_tesserocr(folder: Path, pages: int, processes: int = 1) -> Run:
    """Decode, reduce to 200 dpi, recognise with ``Latin``: ``processes`` side by side.

    Two cores of one processor share its caches: a page takes more CPU time while another is read,
    as in the product, which reads one on every core.
    """
    code = (
        "import sys, io, os, pikepdf\nfrom PIL import Image\nimport tesserocr\n"
        "first = 0\n"
        "for number in range(1, int(sys.argv[2])):\n"
        "    if first == 0 and os.fork() == 0:\n"
        "        first = number\n"
        "from pathlib import Path\n"
        "from eakte.recognition.probe import MODEL, find_model\n"
        "model = find_model(MODEL)\n"
        "api = tesserocr.PyTessBaseAPI(path=f'{model.folder}/', lang=model.name)\n"
        "for path in sorted(Path(sys.argv[1]).glob('*.pdf'))[first::int(sys.argv[2])]:\n"
        "    with pikepdf.open(path) as pdf:\n"
        "        for page in pdf.pages:\n"
        "            raw = next(iter(page.images.values())).read_raw_bytes()\n"
        "            image = Image.open(io.BytesIO(raw)).convert('L')\n"
        "            image = image.resize((image.width * 2 // 3, image.height * 2 // 3), "
        "Image.Resampling.BOX)\n"
        "            api.SetImage(image); api.SetSourceResolution(200); api.GetUTF8Text()\n"
        "while first == 0:\n"
        "    try:\n"
        "        os.wait()\n"
        "    except ChildProcessError:\n"
        "        break\n"
    )
    name = f"bare tesserocr, Latin, 200 dpi, processes: {processes}"
    return _timed(name, [sys.executable, "-c", code, str(folder), str(processes)], pages)


def ocrmypdf(folder: Path, pages: int, command: str, out: Path) -> Run:
    """All scans as one file, two jobs, with the options of the common alternative."""
    whole = out / "whole.pdf"
    parts = sorted(folder.glob("*.pdf"))
    merge = [sys.executable, "-c", _MERGE, str(whole), *map(str, parts)]
    subprocess.run(merge, check=True)
    options = ["-l", "deu", "--deskew", "--rotate-pages", "--clean", "-j", "2", "-q"]
    name = "OCRmyPDF -l deu --deskew --rotate-pages --clean"
    return _timed(name, [*shlex.split(command), *options, str(whole), str(out / "a.pdf")], pages)


_MERGE = (
    "import sys, pikepdf\nout = pikepdf.Pdf.new()\n"
    "opened = [pikepdf.open(path) for path in sys.argv[2:]]\n"
    "[out.pages.extend(pdf.pages) for pdf in opened]\nout.save(sys.argv[1])\n"
)


def _timed(name: str, command: list[str], pages: int) -> Run:
    started, before = time.monotonic(), _children()
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    remark = "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr[-200:]}"
    return Run(
        system=name,
        pages=pages,
        cpu=_children() - before,
        wall=time.monotonic() - started,
        remark=remark,
    )


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
