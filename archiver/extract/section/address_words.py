"""What the parts of an address's path are called, in many languages, and what that tells about the page; no sites."""

# Reasons of `is_never_article`; those of LISTINGS lead on to articles.
TAG, CATEGORY, AUTHOR, PAGE, ARCHIVE = (
    *("a tag page", "a category page", "an author page"),
    *("a further page of a listing", "an archive by date"),
)
LOGIN, SEARCH, SHOP, SITE = "a login page", "a search page", "a shop page", "a page about the site"
FEED, PRINT, FILE, SHARE, MACHINE, COMMENTS = (
    *("a feed", "a version for printing", "a file", "a link for sharing"),
    *("an address for programs", "comments only"),
)
NO_ADDRESS = "no web address"
LISTINGS = frozenset((TAG, CATEGORY, AUTHOR, PAGE, ARCHIVE))
# Segments of a path, compared whole, that stand before the name of a tag, an author, a category.
FOLDERS = {
    TAG: "tag tags tagged hashtag label labels stichwort schlagwort etiqueta etiquetas etiquette mot-cle keyword"
    " keywords",
    AUTHOR: "author authors auteur auteurs autor autoren autore autori autores byline bylines contributor contributors"
    " profile profiles columnist columnists user users member members people-profile",
    CATEGORY: "category categories cat kategorie kategorien categoria categorias categorie rubrik rubrique rubriques"
    " sections",
}
FOLDER = {word: reason for reason, words in FOLDERS.items() for word in words.split()}
# Segments that make a page of their own where they come first, or last behind one of ACCOUNT.
PLACES = {
    LOGIN: "login signin sign-in log-in logon logout signout register registration signup sign-up account accounts"
    " my-account myaccount password lostpassword lost-password forgot-password reset-password subscribe subscription"
    " subscriptions anmelden einloggen registrieren connexion inscription iniciar-sesion registro accedi wp-login oauth"
    " auth sso",
    SEARCH: "search suche recherche buscar busca busqueda ricerca zoeken szukaj sok poisk arama",
    SHOP: "shop store cart basket checkout wishlist product products warenkorb panier carrito produkt produkte produit"
    " produits producto productos",
}
PLACE = {word: reason for reason, words in PLACES.items() for word in words.split()}
ACCOUNT = frozenset(
    "user users account accounts auth member members my customer customers id sso admin session".split()
)
ABOUT = frozenset(
    "about about-us contact contact-us contacts kontakt impressum imprint privacy privacy-policy datenschutz terms"
    " terms-of-service terms-of-use terms-and-conditions cookie-policy cookies legal disclaimer advertise sitemap faq"
    " uber-uns ueber-uns mentions-legales aviso-legal contacto contato chi-siamo contatti careers jobs donate help"
    " accessibility newsletter newsletters".split()
)
MACHINES = frozenset("wp-json wp-content wp-admin wp-includes xmlrpc.php cdn-cgi api ajax graphql".split())
SHARING = frozenset("share sharer sharer.php share.php sharearticle intent sharing".split())
FILES = frozenset(
    "jpg jpeg png gif webp svg avif bmp ico tif tiff pdf zip rar 7z gz tgz tar exe dmg apk msi mp3 m4a ogg wav flac mp4"
    " m4v avi mov webm mkv wmv flv m3u8 doc docx xls xlsx csv ppt pptx odt epub mobi css json txt ics woff woff2 ttf"
    " swf torrent".split()
)
FEEDS = frozenset("rss atom rdf xml".split())
FEED_NAMES = frozenset("feed feeds rss rss2 atom rdf".split())
