"""What months, units of time and relative days are called, in some fifty languages."""

from archiver.dates.folding import folded_words

# Months, one language or form a line (Unicode CLDR, months, wide and abbreviated). Left out as ambiguous: Croatian
# (listopada is its October, and the November of the Poles) and Czech abbreviations (`13 Pro 2022` is a telephone).
MONTHS = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
jan febr mar apr may june july aug sept oct nov dec
januar februar märz april mai juni juli august september oktober november dezember
jänner feber mär apr mai jun jul aug sept okt nov dez
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janv févr mars avr mai juin juil août sept oct nov déc
enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre
ene feb mar abr may jun jul ago septiembre oct nov dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
jan fev mar abr mai jun jul ago set out nov dez
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen feb mar apr mag giu lug ago set ott nov dic
januari februari maart april mei juni juli augustus september oktober november december
jan feb mrt apr mei jun jul aug sep okt nov dec
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
sty lut mar kwi maj cze lip sie wrz paź lis gru
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
янв фев мар апр мая июн июл авг сен окт ноя дек
янв февр март апр май июн июл авг сент окт нояб дек
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
січ лют бер квіт трав черв лип серп вер жовт лист груд
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
oca şub mar nis may haz tem ağu eyl eki kas ara
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta
 joulukuuta
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
ledna února března dubna května června července srpna září října listopadu prosince
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
január február marec apríl máj jún júl august september október november december
januar februar marec april maj junij julij avgust september oktober november december
януари февруари март април май юни юли август септември октомври ноември декември
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ian feb mar apr mai iun iul aug sept oct noi dec
január február március április május június július augusztus szeptember október november december
jan febr márc ápr máj jún júl aug szept okt nov dec
januari februari maret april mei juni juli agustus september oktober november desember
jan feb mar apr mei jun jul agu sep okt nov des
januari februari mac april mei jun julai ogos september oktober november disember
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
जन फरवरी मार्च अप्रैल मई जून जुल अग सितम्बर अक्तूबर नवम्बर दिसम्बर
জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค
"""
JALALI_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
SECONDS = {
    1: "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi seconden sekund"
    " sekundy sekundę секунду секунды секунд сек saniye sekunder sekuntia sekuntti sekundami giây วินาที ثانية ثوان"
    " ثانیه सेकंड detik 秒 秒钟 秒鐘 초",
    60: "m min mins minute minutes minuten minuto minutos minuti minuut minuty minut minutę минуту минуты минут мин"
    " хвилину хвилини хвилин dakika dk minuter minutter minuuttia minuutti minutami λεπτά λεπτό perc perce perccel"
    " menit minit phút นาที دقيقة دقائق دقیقه मिनट 分 分钟 分鐘 分間 분",
    3600: "h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur godzinę godziny godzin godz час"
    " часа часов ч годину години годин saat timme timmar time timer tuntia tunti hodinou hodinami hodin ώρες ώρα óra"
    " órája órával jam giờ tiếng ชั่วโมง ساعة ساعات ساعت घंटे घंटा 小时 小時 个小时 時間 钟头 시간",
    86400: "d day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen dager dage dzień dni день"
    " дня дней дні днів gün dagar päivää päivä dnem dny dnech ημέρες ημέρα μέρες zi zile nap napja nappal hari ngày"
    " วัน يوم أيام روز दिन 天 日 일",
    604800: "w week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzień tygodnie"
    " tygodni неделю недели недель тиждень тижні hafta vecka veckor uke uker uge uger viikkoa týdny minggu tuần"
    " สัปดาห์ أسبوع أسابيع هفته हफ्ते 周 週 週間 星期 주 주일",
    2592000: "mo month months monat monate monaten mois mes meses mese mesi maand maanden miesiąc miesiące miesięcy"
    " месяц месяца месяцев місяць місяці місяців ay månad månader måned måneder kuukautta měsíci bulan tháng เดือน"
    " شهر أشهر ماه महीने 月 ヶ月 か月 カ月 ケ月 개월 달",
    31536000: "y yr yrs year years jahr jahre jahren an ans año años ano anos anno anni jaar jaren rok lata lat год"
    " года лет рік роки років yıl år vuotta lety tahun năm ปี سنة سنوات سال साल 年 년",
}
FEW = {"半": 0.5, "half an": 0.5} | dict.fromkeys(
    "a an one einer einem un une una um uma een en ett et bir".split(), 1.0
)
FEW |= {numeral: float(number) for number, numeral in enumerate("一二三四五六七八九十", 1)} | {"两": 2.0, "兩": 2.0}
AGO = (
    "ago fa geleden temu назад тому önce sedan siden sitten zpět atrás lalu yang\\ lalu trước ที่แล้ว ที่ผ่านมา पहले پیش قبل"
    " ezelőtt 前 之前 以前 전"
)
SINCE = "vor il\\ y\\ a hace há ha acum před pred πριν πριν\\ από منذ قبل cách\\ đây преди"
DAYS = {
    0: "today heute aujourd'hui hoy hoje oggi vandaag dzisiaj dziś сегодня сьогодні bugün idag i\\ dag tänään dnes"
    " σήμερα astăzi azi hari\\ ini hôm\\ nay วันนี้ اليوم امروز आज 今天 今日 本日 오늘",
    1: "yesterday gestern hier ayer ontem ieri gisteren wczoraj вчера вчора dün igår i\\ går eilen včera χθες"
    " tegnap kemarin semalam hôm\\ qua เมื่อวาน เมื่อวานนี้ أمس دیروز 昨天 昨日 어제",
    2: "vorgestern avant-hier anteayer anteontem l'altro\\ ieri eergisteren przedwczoraj позавчера 前天 一昨日 그저께"
    " 그제",
}
NOW = "just\\ now gerade\\ eben à\\ l'instant только\\ что 刚刚 刚才 剛剛 たった今 방금"


def months() -> dict[str, int]:
    """Folded name -> month."""
    rows = (folded_words(row) for row in MONTHS.replace("\n ", " ").strip().splitlines())
    return {name: number for row in rows for number, name in enumerate(row, 1)}


MONTH = months()
JALALI_MONTH = {name: number for number, name in enumerate(folded_words(JALALI_MONTHS), 1)}
VIETNAMESE = {name: number for number, name in enumerate("mot hai ba tu nam sau bay tam chin muoi".split(), 1)}
VIETNAMESE |= {"gieng": 1, "muoi mot": 11, "muoi hai": 12}
UNIT = {word: seconds for seconds, words in SECONDS.items() for word in folded_words(words)}
DAY = {word: days for days, words in DAYS.items() for word in folded_words(words)}
