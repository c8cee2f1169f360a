"""Text of our own: sentences that read like an article's, the same for the same seed, in three languages."""

import random
import re
from dataclasses import dataclass

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody can write about."""

    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    slots: dict[str, tuple[str, ...]]
    space: str = " "
    """What stands between two sentences."""


class Prose:
    """Writes about a topic; a sentence comes again, with other words in it, only after all others have come."""

    def __init__(self, topic: Topic, seed: object) -> None:
        self.topic = topic
        self.random = random.Random(str(seed))  # noqa: S311
        self.sentences: list[str] = []
        self.headings: list[str] = []

    def sentence(self) -> str:
        """One sentence, its slots filled."""
        if not self.sentences:
            self.sentences = self.random.sample(self.topic.sentences, len(self.topic.sentences))
        return SLOT.sub(lambda slot: self.random.choice(self.topic.slots[slot[1]]), self.sentences.pop())

    def paragraph(self, shortest: int = 2, longest: int = 5) -> str:
        """A few sentences."""
        count = self.random.randint(shortest, longest)
        return self.topic.space.join(self.sentence() for _ in range(count))

    def heading(self) -> str:
        """A heading, each once."""
        if not self.headings:
            self.headings = self.random.sample(self.topic.headings, len(self.topic.headings))
        return self.headings.pop()


ENGLISH = {
    "person": tuple("Marta|Old Jonas|Ines|Peder|Auntie Lou|Samir|Greta|Harbour master Bell|Wilfred|Yara".split("|")),
    "place": tuple("the slipway|the north quay|the sea wall|the old pontoon|the breakwater|the ferry steps".split("|")),
    "number": tuple("three four five six seven nine eleven twelve fourteen sixteen twenty thirty forty".split()),
    "month": tuple("January February March April May June July August September October November".split()),
    "weekday": tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    "hour": tuple("six|half past six|seven|a quarter to eight|eight|nine|noon".split("|")),
    "year": tuple("1948 1953 1957 1961 1966 1972 1979 1984 1991 1998 2003 2011".split()),
    "people": tuple(
        "visitors|retired pilots|schoolchildren|neighbours|weekend sailors|men with folding chairs".split("|")
    ),
}

BOATS = Topic(
    sentences=(
        "By {hour} there were already {number} {people} on {place}, and nobody seemed in a hurry to leave.",
        "{person} has kept a log of every {boat} that tied up here since {year}, in pencil, with the weather.",
        "The {part} had been replaced once before, in {year}, with timber that was never meant to see salt water.",
        "You can hear it before you see it: a dry knock under the {part}, every time the tide turns.",
        "It took {number} people and most of a {weekday} to get the {boat} off the cradle and into the water.",
        "What looks like neglect from {place} is, on closer inspection, {number} coats of the wrong varnish.",
        "“We could have bought a new one for the money,” said {person}, “but then we would own a new one.”",
        "The insurance paid for the {part}, though not for the crane, which cost more than the {part} did.",
        "In {month} the wind comes round the point at {hour} and everybody on {place} pulls up a collar.",
        "Nobody remembers who built the first {boat} of this kind, but everybody knows somebody who owned one.",
        "The trick, {person} explains, is to warm the {material} slowly and to walk away before anyone can stir.",
        "There is a drawing from {year} in the harbour office that shows the {part} a hand's breadth further forward.",
        "When the pump failed in {month}, {person} bailed for {number} hours and then asked for a cup of tea.",
        "The {boat} draws so little water that {people} have been known to wade out and ask for a lift.",
        "A bucket of {material} lasts about {number} days, less if the sun is on it.",
        "Most of the work happens at low water, between {place} and the mud, with one eye on the clock.",
        "{person} still sharpens the adze every {weekday}, whether or not there is anything to cut.",
        "That winter the ice reached as far as {place}, and the {boat} stood in it like a spoon in cold soup.",
        "The new {part} was steamed for {number} hours and bent round the frames in less than a minute.",
        "It would be wrong to call this a restoration; {person} prefers the word “conversation”.",
        "Of the {number} boats that were launched from {place} in {year}, two are still afloat and one is a bar.",
        "The harbour charges by length, which is why so many owners here measure from odd places.",
        "Before you drill into the {part}, look at the other side; {person} learned this in {month} and tells it well.",
        "She sails best a little off the wind, with the {part} eased and somebody patient at the tiller.",
        "By {month} the planks had taken up and the {boat} was as dry inside as a bread bin.",
        "There was a smell of {material} and coffee, and for once the radio was silent.",
        "The moorings on {place} are handed down, and a stranger may wait {number} years for one.",
        "Anyone who has carried a wet {sail} up the steps knows why the winch was the first thing they bought.",
    ),
    headings=(
        "What the tide left", "A second opinion", "Before the launch", "Paint, and why it peels", "The bill",
        "Low water", "How it was done before", "What we would do again", "An afternoon with the adze", "Afterwards",
    ),
    slots=ENGLISH | {
        "boat": tuple("dinghy|punt|yawl|cutter|oyster smack|skiff|double-ender|workboat|gaffer".split("|")),
        "part": tuple("rudder|garboard|stem|keelson|mast step|transom|bowsprit|sheer plank".split("|")),
        "material": tuple("pine tar|linseed oil|red lead|hot pitch|tallow|varnish|oakum".split("|")),
        "sail": tuple("mainsail|jib|spinnaker|topsail|genoa".split()),
    },
)  # fmt: skip

KITCHEN = Topic(
    sentences=(
        "Cut the {vegetable} thinner than you think is sensible and salt it at least {number} minutes ahead.",
        "{person} makes this on a {weekday}, when the boats are late and the stove is lit anyway.",
        "The first version, in {month}, tasted mostly of {spice}; the second of hope.",
        "You want a pan that is wider than it is deep, and a lid that does not quite fit.",
        "Leave the {fish} alone for {number} minutes, even if it sizzles in a way that invites comment.",
        "It keeps for {number} days in a cold larder and improves on every one of them but the last.",
        "My grandmother called it Thursday soup, whatever the day was, because of what went into it on Wednesdays.",
        "A spoonful of {spice} is plenty, and {person} will tell you that a spoonful is already too much.",
        "If the {vegetable} is woody, grate it, cook it in butter, and tell nobody.",
        "The market on {place} sells the small ones for next to nothing after {hour}.",
        "Stir until the spoon leaves a path that closes slowly, like a door in an old house.",
        "We have served this to {number} people at once and to one person {number} times, with equal success.",
        "There are cooks who add cream at this point; they have their reward already.",
        "In {month} you can use the green tops as well, chopped and thrown in at the very end.",
        "The bread should be a day old, the {fish} should not, and the wine is a matter of temperament.",
        "Rinse the {vegetable} three times: once for the sand, once for luck, once because you hurried.",
        "{person} swears by a pinch of {spice} in the coffee that goes with it, and will not be argued with.",
        "The old stove at {place} has two temperatures, and this dish needs a third.",
        "Take it off the heat while it still looks a little too wet; it will think it over on the table.",
        "What is left over makes {number} small cakes, fried in dripping and eaten standing up.",
        "Do not be alarmed by the colour, which passes, or by the smell, which does not.",
        "The recipe card says “enough flour”, in the handwriting of somebody who knew exactly how much that was.",
        "Bring it to the table in the pan, with a cloth round the handle and a warning.",
        "A {fish} of about a pound will feed two, or one of the {people} who come in from the quay at {hour}.",
    ),
    headings=(
        "What you need", "Method", "If it goes wrong", "On the side", "Keeping the rest", "A note on the pan",
        "Why not cream", "For a crowd",
    ),
    slots=ENGLISH | {
        "vegetable": tuple("leek|fennel|kohlrabi|sea kale|celeriac|samphire|chard|beetroot".split("|")),
        "fish": tuple("herring|mackerel|plaice|gurnard|smoked eel|whiting|cod cheek".split("|")),
        "spice": tuple("allspice|mace|caraway|juniper|white pepper|mustard seed|dill".split("|")),
    },
)  # fmt: skip

SOFTWARE = Topic(
    sentences=(
        "Tidewater reads the {file} once at start and again whenever it receives a hangup signal.",
        "If the {service} runs on another machine, open port {port} between the two and nothing else.",
        "The default is {value}, which suits a single harbour with fewer than {number} gauges.",
        "Raise it only after you have looked at the {metric} for a whole day, because the tide has two halves.",
        "A station that is silent for longer than {number} minutes is marked stale, and its last value is kept.",
        "You do not need root for this step; the package creates a user called tidewater that owns the {file}.",
        "Every reading carries the time of the gauge and the time of arrival, and only the first is used for sorting.",
        "When both the {file} and the environment set a value, the environment wins.",
        "The {service} refuses to start when the clock is off by more than {number} seconds and says so in the log.",
        "Keep the {file} under version control, with the passwords in a separate file that is not.",
        "On slow links the compact encoding saves about {number} per cent, at the price of less readable captures.",
        "The {service} writes in batches of {value}, so that a power cut loses at most one batch.",
        "Nothing is deleted until the {metric} has been written twice, once locally and once to the replica.",
        "Predictions are computed on the hour and cached; the first request after that may be a little slower.",
        "If you see gaps of exactly {number} minutes, look at the modem before you look at the {service}.",
        "The name of a station may hold letters, digits and hyphens, and is never reused once the station is retired.",
        "Plan for about {number} megabytes a month for each gauge that reports every minute.",
        "Restarting the {service} is always safe, since unfinished batches are replayed from the journal.",
        "The same option exists on the command line, where it is spelled with two dashes and overrides the {file}.",
        "Older gauges send local time; set the zone per station rather than on the server.",
        "A value outside the plausible range is stored with a flag and left out of the {metric}.",
        "Only the {service} needs write access to the store, and everything else may read from the replica.",
    ),
    headings=(
        "Before you begin", "Options", "Checking the result", "Common mistakes", "How it works", "Limits",
        "On small machines", "Undoing it", "Security",
    ),
    slots=ENGLISH | {
        "file": tuple("configuration file|station list|calibration table|schedule file".split("|")),
        "service": tuple("collector|scheduler|predictor|gateway|archive writer".split("|")),
        "port": tuple("4100 4180 5170 7400 8120".split()),
        "value": tuple("16 32 64 128 250 500".split()),
        "metric": tuple("queue length|median delay|residual|daily maximum|checksum report".split("|")),
    },
)  # fmt: skip

REPORTAGE = Topic(
    sentences=(
        "Um {hour} Uhr stehen schon {number} Leute vor der Tür, und keiner sieht aus, als hätte er es eilig.",
        "{person} arbeitet seit {year} hier und schreibt noch immer jede Bestellung mit der Hand auf.",
        "Was von außen wie ein Schuppen wirkt, ist innen ein Labor mit {number} Messgeräten und einer Kaffeemaschine.",
        "„Wir haben das nie geplant“, sagt {person}, „wir haben nur nicht rechtzeitig aufgehört.“",
        "In {place} erzählt man sich die Geschichte anders, aber das Ende ist überall gleich.",
        "Im {month} kam das Wasser bis zur dritten Stufe, und seither steht dort ein Strich mit Datum.",
        "Die Verwaltung zählt anders: {number} Betriebe sind es noch, vor zehn Jahren waren es doppelt so viele.",
        "Wer den Weg von {place} hierher zu Fuß geht, braucht zwei Stunden und gute Schuhe.",
        "{person} lacht, wenn man danach fragt, und zeigt dann auf das Regal hinter der Tür.",
        "Der erste Versuch scheiterte {year} an einer Schraube, der zweite an einem Formular.",
        "Am {weekday} ist Ruhetag, und genau deshalb sind an diesem Tag alle da.",
        "Es riecht nach Öl und nassem Holz, und irgendwo läuft ein Radio, das niemand hört.",
        "Man könnte das romantisch finden, doch {person} spricht lieber über Rohre, Pumpen und Fristen.",
        "Für {number} Euro im Jahr darf jeder mitmachen, und wer kein Geld hat, bringt Kuchen.",
        "Die Brücke bei {place} ist seit {month} gesperrt, was den Umweg zur neuen Hauptstraße gemacht hat.",
        "Draußen zieht Nebel über den Fluss, und für einen Moment ist von {place} nichts mehr zu sehen.",
        "Niemand hat gezählt, wie oft der Motor schon zerlegt wurde; {person} schätzt, es waren {number} Mal.",
        "Am Ende des Tages bleiben {number} Kisten übrig, die am {weekday} wieder auf dem Markt stehen.",
        "Der Plan liegt seit {year} in einer Schublade im Rathaus, gleich neben dem Gegenplan.",
        "Seine Tochter will weitermachen, allerdings anders: leiser, kleiner und mit einer Website.",
        "Das Gutachten umfasst {number} Seiten, und auf der letzten steht, dass man noch eines brauche.",
        "Wenn im {month} die Fähre nicht fährt, rudert {person} die Post hinüber, bei jedem Wetter.",
        "Von der alten Werft in {place} stehen noch zwei Kräne, und einer davon bewegt sich sogar.",
        "Es ist eine Arbeit, die man nicht sieht, solange sie jemand macht.",
        "Nach {number} Minuten ist alles vorbei, und die Leute gehen zurück an ihre Tische.",
        "{person} hat den Schlüssel noch, obwohl das Schloss {year} ausgetauscht wurde.",
    ),
    headings=(
        "Der Strich an der Wand", "Was die Zahlen sagen", "Ein Plan und ein Gegenplan", "Am anderen Ufer", "Ruhetag",
        "Kuchen statt Beitrag", "Die Sache mit der Pumpe", "Wer weitermacht", "Nachts am Wehr",
    ),
    slots={
        "person": tuple("Hanna Brill|Ole Petersen|Nora Sand|Mehmet Aydin|Schleusenwärter Timm|Lotte Kamp".split("|")),
        "place": tuple("Niederau|Sankt Veit|Grünhafen|Altmühlen|Westerfähr|Kleinbruck".split("|")),
        "number": tuple("drei vier fünf sechs sieben neun elf zwölf vierzehn zwanzig dreißig vierzig".split()),
        "month": tuple("Januar Februar März April Mai Juni September Oktober November".split()),
        "weekday": tuple("Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split()),
        "hour": tuple("sechs sieben acht neun zehn vier fünf".split()),
        "year": tuple("1958 1964 1971 1979 1986 1993 2002 2009 2014 2018".split()),
    },
)  # fmt: skip

INDUSTRY = Topic(
    sentences=(
        "{person}在接受本报记者采访时表示，{company}今年前{number}个月的{goods}吞吐量同比增长超过两成。",
        "记者近日走进{place}看到，{number}台无人驾驶的集卡正沿着新划的车道往返，现场几乎听不到喇叭声。",
        "业内人士认为，{topic}的关键不在设备，而在能否把上下游的数据真正打通。",
        "据{company}介绍，这套系统从立项到投产用了{number}个月，其中一半时间花在与船公司的对接上。",
        "“以前一条船要等两天，现在当天就能靠泊。”{person}指着屏幕上的曲线说。",
        "根据{place}公布的数据，{month}月份共有{number}艘远洋货轮在此装卸{goods}。",
        "与三年前相比，{goods}的平均在港时间缩短了{number}个小时，物流成本随之下降。",
        "不过，也有企业负责人坦言，{topic}的投入不小，回报周期往往超过{number}年。",
        "在{place}的调度中心，值班人员每隔{number}分钟核对一次潮位，任何偏差都会立即上报。",
        "{company}计划在{month}月底前完成二期工程的招标，预计新增{number}个泊位。",
        "受连日大风影响，{place}的部分航线一度停航，目前已陆续恢复。",
        "{person}说，自己在码头干了{number}年，从没有像今年这样忙过。",
        "多位专家建议，应当尽快出台{topic}的统一标准，避免各家重复建设。",
        "为了腾出堆场，{company}与铁路部门商定，每天加开{number}趟班列，把{goods}直接运往内陆。",
        "这一做法随后在{place}推广，附近的修船厂、冷库和小商户也跟着受益。",
        "夜里十点，{place}依然灯火通明，装满{goods}的货柜一层层码到了五层楼高。",
        "从财报看，{company}上半年的营业收入略有下滑，但{topic}相关的业务逆势增长。",
        "{person}认为，真正的考验要等到{month}月的旺季才会到来。",
        "当地还设立了专项基金，用于支持{number}家中小企业开展{topic}。",
        "一位不愿具名的货代告诉记者，{goods}的订单已经排到了{month}月以后。",
        "截至发稿时，{company}尚未就具体的合作金额作出回应。",
        "按照规划，{place}将在未来{number}年内建成区域性的中转枢纽。",
    ),
    headings=("效率从哪里来", "算一笔账", "难题仍在", "下一步怎么走", "现场见闻", "数据背后", "企业的选择"),
    slots={
        "person": tuple("总经理周明远|船长老郑|调度员小林|研究员方若溪|装卸队长何大海|工程师沈一帆".split("|")),
        "company": tuple("东澜港务|远帆船运|海石物流|蓝汀重工|潮信科技|汇川冷链".split("|")),
        "place": tuple("东澜港|北角码头|青石湾港区|南屏船闸|白沙堆场|望潮岛".split("|")),
        "goods": tuple("集装箱|粮食|冷冻水产|汽车零部件|木材|矿石|光伏组件".split("|")),
        "topic": tuple("智慧港口|岸电改造|绿色航运|多式联运|自动化堆场|数字提单".split("|")),
        "number": tuple("三 四 五 六 七 八 九 十二 十五 十八 二十 三十".split()),
        "month": tuple("一 二 三 四 五 六 七 八 九 十".split()),
    },
    space="",
)
