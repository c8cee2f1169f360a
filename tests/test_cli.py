"""The command line as a user meets it: options, files, messages, exit codes."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

import archiver as package
from tests.conftest import FAST, Archiver
from tests.internet import Internet
from tests.kr36_site import put_online, stories


def test_the_demonstration_archives_its_site(archiver: Archiver) -> None:
    run = archiver("demo")
    assert run.code == 0, run.stderr
    posts = [name for name in run.files() if name.endswith(".md")]
    assert len(posts) == 6
    assert len(run.files()) == 12
    for name in run.files():
        assert f"output/{name} (" in run.stdout
    assert "archiver crawl 36kr" in run.stdout
    lighthouse = (run.output / "demo/小城日报/新闻/how-the-lighthouse-keeps-its-own-time.md").read_text("utf-8")
    assert "<pre><code>while night &#123; light() &#125;\n&#10;sleep()</code></pre>" in lighthouse
    assert "headimg: 'http://demo.example/images/4.jpg'" in lighthouse
    assert "script" not in (run.output / "demo/小城日报/新闻/图书馆延长开放-夜读时间到几点.md").read_text("utf-8")
    again = archiver("demo", "--json")
    assert (again.code, again.counts()) == (0, {"known": 4})


def test_version_and_sites(archiver: Archiver) -> None:
    assert archiver("--version").stdout == f"archiver {package.__version__}\n"
    listed = archiver("sites").stdout
    assert all(word in listed for word in ("36kr", "资讯", "快讯", "新媒体/36kr/快讯"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["crawl", "37kr"], "no site 37kr; known are 36kr", id="a site that nobody knows"),
        pytest.param(
            ["crawl", "36kr", "--channel", "体育"], "36kr has no channel 体育; it has 资讯, 快讯", id="a channel"
        ),
        pytest.param(["crawl", "36kr", "--since", "yesterday"], "expected a day such as 2022-03-03", id="no date"),
        pytest.param(["crawl", "36kr", "--limit", "0"], "--limit", id="no article"),
        pytest.param(
            ["crawl", "36kr", "--image-links", "both"], "'both' is not one of 'remote', 'local'", id="a choice"
        ),
        pytest.param(
            ["crawl", "36kr", "-s", "DELAY"], "expected NAME=VALUE, not 'DELAY'", id="a setting without value"
        ),
        pytest.param(
            ["crawl"], "name a site, or list some under `sites` in archiver.yaml: 36kr, ", id="no site at all"
        ),
        pytest.param(["page", "notes.html"], "not a web address: notes.html", id="no address"),
        pytest.param(["crawl", "36kr", "-s", "ITEM_PIPELINES=x"], "a Scrapy setting is wrong", id="no table"),
        pytest.param(["crawl", "36kr", "-s", "RETRY_PAUSE=x"], "perhaps for a Scrapy setting", id="a wrong number"),
        pytest.param(["page", "https://36kr.com:99999/p/1"], "not a web address", id="a port that cannot be"),
        pytest.param(["fetch"], "No such command 'fetch'", id="a command that does not exist"),
    ],
)
def test_a_wrong_command_is_exit_code_2_and_says_why(archiver: Archiver, arguments: list[str], message: str) -> None:
    run = archiver(*arguments)
    assert (run.code, run.stdout) == (2, "")
    assert message in run.stderr
    assert not archiver.output.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "output: a\nimage_link: local\n", "line 2: unknown key `image_link`, perhaps `image_links`?", id="key"
        ),
        pytest.param(
            "image_links: lokal\n", "line 1: `image_links`: expected one of remote, local; perhaps", id="value"
        ),
        pytest.param("limit: many\n", "line 1: `limit`: expected a whole number from 1 up", id="number"),
        pytest.param("since: soon\n", "line 1: `since`: expected a day such as 2022-03-03", id="date"),
        pytest.param("output: [a\n", "line 2:", id="no YAML"),
    ],
)
def test_a_wrong_configuration_is_named_with_its_line(archiver: Archiver, text: str, message: str) -> None:
    (archiver.folder / "archiver.yaml").write_text(text)
    run = archiver("crawl", "36kr")
    assert run.code == 2
    assert f"archiver.yaml, {message}" in run.stderr


def test_command_line_beats_environment_beats_file_beats_default(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(9))
    settings = "".join(f"  {pair.replace('=', ': ')}\n" for pair in FAST if "=" in pair)
    (archiver.folder / "archiver.yaml").write_text(
        f"output: file\nlimit: 1\nsites: 36kr\nchannel: [资讯]\njson: true\nfilename: title\nsettings:\n{settings}"
    )
    assert archiver("crawl").summary["new"] == 1
    archiver.environment |= {"ARCHIVER_OUTPUT": "environment", "ARCHIVER_LIMIT": "2"}
    assert archiver("crawl").summary["new"] == 2
    assert archiver("crawl", "-o", "line", "--limit", "3").summary["new"] == 3
    made = {name: len([*(archiver.folder / name).rglob("*.md")]) for name in ("file", "environment", "line")}
    assert made == {"file": 1, "environment": 2, "line": 3}


def test_json_is_all_that_stands_on_stdout(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    run = archiver.crawl("--channel", "资讯")
    assert [*json.loads(run.stdout)] == [
        *("new", "changed", "unchanged", "known", "held", "gone", "edited", "skipped", "dropped", "blocked", "failed"),
        *("stored", "missing", "rechecked", "requests", "bytes", "time", "problems", "notices"),
    ]
    assert run.stderr == "stored: 新媒体/36kr/资讯/第1则p的故事.png\nnew: 新媒体/36kr/资讯/第1则p的故事.md\n"


def test_quiet_says_only_the_summary_and_verbose_says_more(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    quiet = archiver("crawl", "36kr", "--channel", "资讯", "-q", *FAST)
    assert quiet.stderr == ""
    assert re.match(r"1 new, 0 known, 0 rechecked\nnew +stored", quiet.stdout)
    assert re.search(r"\d+ requests, \d\.\d MB, \d+\.\d s", quiet.stdout)
    assert "Spider closed (finished)" in archiver("crawl", "36kr", "--channel", "资讯", "-v", *FAST).stderr


def test_local_links_images_elsewhere_and_the_old_names(internet: Internet, archiver: Archiver) -> None:
    [story] = articles = stories(1)
    story.title = "What? 1.5 #1"
    put_online(internet, articles)
    options = ("--images", "pictures", "--image-links", "local", "--image-prefix", "/p", "--filename", "title")
    assert archiver.crawl("--channel", "资讯", *options).code == 0
    post = archiver.output / "新媒体/36kr/资讯/What_ 15 1.md"
    assert "headimg: '/p/新媒体/36kr/资讯/What_%2015%201.png'" in post.read_text("utf-8")
    assert (archiver.folder / "pictures/新媒体/36kr/资讯/What_ 15 1.png").is_file()


def test_the_old_proxy_is_written_where_it_is_wanted(internet: Internet, archiver: Archiver) -> None:
    [story] = articles = stories(1)
    story.body = '<p><img src="http://img.example/a.png"></p>'
    put_online(internet, articles)
    internet.pages["http://img.example/a.png"] = internet.pages[story.image]
    run = archiver.crawl("--channel", "资讯", "--insecure-image-prefix", "https://cors.example/?")
    assert run.counts() == {"new": 1, "stored": 1}
    text = (run.output / run.files()[1]).read_text("utf-8")
    assert text.count("'https://cors.example/?http://img.example/a.png'") == 2
    assert '<img src="https://cors.example/?http://img.example/a.png"' in text


def test_a_post_edited_by_hand_is_left_as_it_is(internet: Internet, archiver: Archiver) -> None:
    [story] = articles = stories(1)
    put_online(internet, articles)
    post = archiver.output / archiver.crawl("--channel", "资讯").files()[1]
    post.write_text(post.read_text("utf-8").replace("开了", "终于开了"), "utf-8")
    edited = post.read_bytes()
    run = archiver.crawl("--channel", "资讯", "--refresh", "all")
    assert (run.code, run.counts()) == (0, {"edited": 1})
    assert post.read_bytes() == edited
    assert f"edited: {story.url}" in run.stderr


def test_a_changed_article_is_written_anew(internet: Internet, archiver: Archiver) -> None:
    [story] = articles = stories(1)
    put_online(internet, articles)
    archiver.crawl("--channel", "资讯")
    story.body = "<p>改写了。</p>"
    put_online(internet, articles)
    run = archiver.crawl("--channel", "资讯", "--refresh", "all")
    assert run.counts() == {"changed": 1}
    assert "改写了。" in (run.output / run.files()[-1]).read_text("utf-8")


def test_scrapys_own_commands_know_the_sites(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(2), stories(1, "newsflashes", 5000))
    (archiver.folder / "scrapy.cfg").write_text("[settings]\ndefault = archiver.settings\n")
    (archiver.folder / "sites").mkdir()
    (archiver.folder / "sites" / "own.yaml").write_text(
        "channels:\n  a: {start: 'https://own.example/', categories: [a, b, c]}\n"
        "listing: {item: li}\narticle: {body: p}\n"
    )
    scrapy = [sys.executable, "-m", "scrapy"]

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*scrapy, *arguments],
            cwd=archiver.folder,
            env=archiver.environment,
            capture_output=True,
            text=True,
            check=True,
        )

    assert {"36kr", "own"} < set(run("list").stdout.split())
    log = run("crawl", "36kr", "-a", "limit=3", *FAST).stderr
    assert len([*archiver.output.rglob("*.md")]) == 3
    assert "咖啡馆" not in log


def test_a_terminal_shows_progress(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(3))
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminals here: {error}")
    arguments = ["crawl", "36kr", "--channel", "资讯", *FAST, "-s", "DOWNLOAD_DELAY=0.2"]
    with subprocess.Popen(
        [sys.executable, "-m", "archiver", *arguments],
        cwd=archiver.folder,
        env={**archiver.environment, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
        process.communicate()
    os.close(ours)
    assert process.returncode == 0
    assert re.search(rb"\d articles \(\d new, 0 failed\), \d images \(0 missing\), \d\.\d articles/s", shown)


def test_nothing_listens_while_a_run_goes_on(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    log = archiver("crawl", "36kr", "--channel", "资讯", "-vv", *FAST).stderr
    assert "Telnet" not in log.replace("TELNETCONSOLE", "")
    assert "RemoteControl" not in log


def test_a_bug_is_exit_code_70(archiver: Archiver) -> None:
    (archiver.folder / "sitecustomize.py").write_text(
        "import archiver.sites\ndef broken(*_): raise RuntimeError('a bug')\narchiver.sites.load_sites = broken\n"
    )
    archiver.environment["PYTHONPATH"] = f"{archiver.folder}{os.pathsep}{Path(package.__file__).parents[1]}"
    run = archiver("sites")
    assert run.code == 70
    assert "RuntimeError: a bug" in run.stderr
    assert "please report it" in run.stderr
