"""The consent wordings of the synthetic study: short, in plain words, to be read out."""

from collections.abc import Mapping

from consent.purposes import Purpose
from kernel.languages import LANGUAGES

ENGLISH: Mapping[Purpose, str] = {
    Purpose.INTERVIEW: (
        "I would like to ask you some questions about your journey. It takes about 20 minutes. You need not "
        "answer a question, and you can stop at any time. Your answers change nothing in any help you receive "
        "or in any application you have made. Do you agree to this interview?"
    ),
    Purpose.KEEP_NUMBER: (
        "May we keep your phone number so that we can call you again? It is locked away, apart from your "
        "answers, and given to nobody. Tell us at any time and we destroy it. Do you agree?"
    ),
    Purpose.RECONTACT: (
        "May we call you again from time to time to ask how things are? You decide the hours, and each time "
        "you can say no. You can end this at any time by telling any of us. Do you agree?"
    ),
    Purpose.MESSAGE: (
        "May we send a short message to arrange a call? It never says who we are or what the call is about. Do "
        "you agree?"
    ),
    Purpose.TRUSTED_CONTACTS: (
        "If your number stops working, may we ask one person whom you trust for a new one? We tell that person "
        "nothing about you. Do you agree?"
    ),
    Purpose.SHARE_PSEUDONYMOUS: (
        "May researchers outside our team read your answers without your number and without anything that says "
        "who you are? Do you agree?"
    ),
    Purpose.ORIENTATION: (
        "You asked to be linked with a partner organisation. We tell them only what you choose now, for as "
        "long as you choose. You can take it back at any time; what they have read by then cannot be taken "
        "back. It changes nothing in the interviews. Do you agree?"
    ),
}

FRENCH: Mapping[Purpose, str] = {
    Purpose.INTERVIEW: (
        "Je voudrais vous poser quelques questions sur votre parcours. Cela dure environ 20 minutes. Vous "
        "n’êtes pas obligé de répondre à une question et vous pouvez arrêter à tout moment. Vos réponses ne "
        "changent rien aux aides que vous recevez ni à une demande que vous avez faite. Acceptez-vous cet "
        "entretien ?"
    ),
    Purpose.KEEP_NUMBER: (
        "Pouvons-nous garder votre numéro de téléphone pour vous rappeler ? Il est gardé sous clé, à part de vos "
        "réponses, et n’est donné à personne. Dites-le-nous à tout moment et nous le détruisons. Êtes-vous "
        "d’accord ?"
    ),
    Purpose.RECONTACT: (
        "Pouvons-nous vous rappeler de temps en temps pour savoir comment vous allez ? Vous choisissez les "
        "heures et vous pouvez dire non chaque fois. Vous pouvez y mettre fin à tout moment en le disant à "
        "l’un de nous. Êtes-vous d’accord ?"
    ),
    Purpose.TRUSTED_CONTACTS: (
        "Si votre numéro ne marche plus, pouvons-nous en demander un autre à une personne en qui vous avez "
        "confiance ? Nous ne lui disons rien de vous. Êtes-vous d’accord ?"
    ),
    Purpose.SHARE_PSEUDONYMOUS: (
        "Des chercheurs hors de notre équipe peuvent-ils lire vos réponses, sans votre numéro et sans rien qui "
        "dise qui vous êtes ? Êtes-vous d’accord ?"
    ),
    Purpose.ORIENTATION: (
        "Vous avez demandé à être mis en lien avec une organisation partenaire. Nous lui disons seulement ce "
        "que vous choisissez maintenant, pour la durée que vous choisissez. Vous pouvez revenir sur votre "
        "accord à tout moment ; ce qu’elle a déjà lu ne peut pas être repris. Cela ne change rien aux "
        "entretiens. Êtes-vous d’accord ?"
    ),
}

ARABIC: Mapping[Purpose, str] = {
    Purpose.INTERVIEW: (
        "أودّ أن أطرح عليك بعض الأسئلة عن رحلتك. يستغرق ذلك نحو عشرين دقيقة. لست مضطرًا إلى الإجابة عن أي "
        "سؤال، ويمكنك التوقف في أي وقت. لا تؤثر إجاباتك في أي مساعدة تتلقاها ولا في أي طلب قدّمته. هل توافق "
        "على هذه المقابلة؟"
    ),
    Purpose.KEEP_NUMBER: (
        "هل يمكننا الاحتفاظ برقم هاتفك لكي نتصل بك مرة أخرى؟ نحفظه مقفلًا وبعيدًا عن إجاباتك ولا نعطيه لأحد. "
        "أخبرنا في أي وقت فنمحوه. هل توافق؟"
    ),
    Purpose.RECONTACT: (
        "هل يمكننا الاتصال بك من وقت إلى آخر لنسأل عن أحوالك؟ أنت تختار الساعات، ويمكنك أن ترفض في كل مرة. "
        "يمكنك إنهاء ذلك في أي وقت بإخبار أي واحد منا. هل توافق؟"
    ),
    Purpose.TRUSTED_CONTACTS: (
        "إذا توقف رقمك عن العمل، فهل يمكننا أن نسأل شخصًا تثق به عن رقم جديد؟ لن نخبره بأي شيء عنك. هل توافق؟"
    ),
    Purpose.SHARE_PSEUDONYMOUS: (
        "هل يمكن لباحثين من خارج فريقنا أن يقرؤوا إجاباتك من دون رقمك ومن دون أي شيء يدل على هويتك؟ هل توافق؟"
    ),
    Purpose.ORIENTATION: (
        "طلبت أن نصلك بمنظمة شريكة. لا نخبرها إلا بما تختاره الآن وللمدة التي تختارها. يمكنك التراجع في أي "
        "وقت، لكن ما قرأته قبل ذلك لا يمكن استرجاعه. ولا يغيّر ذلك شيئًا في المقابلات. هل توافق؟"
    ),
}

SPANISH: Mapping[Purpose, str] = {
    Purpose.INTERVIEW: (
        "Quisiera hacerle algunas preguntas sobre su camino. Dura unos 20 minutos. No tiene que responder a "
        "ninguna pregunta y puede parar en cualquier momento. Sus respuestas no cambian nada en la ayuda que "
        "recibe ni en ninguna solicitud que haya hecho. ¿Acepta esta entrevista?"
    ),
    Purpose.KEEP_NUMBER: (
        "¿Podemos guardar su número de teléfono para volver a llamarle? Se guarda bajo llave, aparte de sus "
        "respuestas, y no se da a nadie. Díganoslo en cualquier momento y lo destruimos. ¿Está de acuerdo?"
    ),
    Purpose.RECONTACT: (
        "¿Podemos llamarle de vez en cuando para saber cómo está? Usted elige las horas y cada vez puede decir "
        "que no. Puede terminar con esto en cualquier momento diciéndoselo a cualquiera de nosotros. ¿Está de "
        "acuerdo?"
    ),
    Purpose.TRUSTED_CONTACTS: (
        "Si su número deja de funcionar, ¿podemos pedir otro a una persona de su confianza? A esa persona no "
        "le decimos nada sobre usted. ¿Está de acuerdo?"
    ),
    Purpose.SHARE_PSEUDONYMOUS: (
        "¿Pueden investigadores de fuera de nuestro equipo leer sus respuestas, sin su número y sin nada que "
        "diga quién es usted? ¿Está de acuerdo?"
    ),
    Purpose.ORIENTATION: (
        "Usted pidió que le pongamos en contacto con una organización asociada. Le decimos solo lo que usted elija "
        "ahora y durante el tiempo que elija. Puede retirarlo en cualquier momento; lo que ya hayan leído no "
        "se puede deshacer. No cambia nada en las entrevistas. ¿Está de acuerdo?"
    ),
}

WRITTEN: Mapping[str, Mapping[Purpose, str]] = {
    "en": ENGLISH,
    "fr": FRENCH,
    "ar": ARABIC,
    "es": SPANISH,
}
THROUGH_AN_INTERPRETER = (
    Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT, Purpose.SHARE_PSEUDONYMOUS, Purpose.ORIENTATION,
)  # fmt: skip

WAITING: tuple[tuple[Purpose, str, str], ...] = (
    (
        Purpose.RECONTACT,
        "en",
        "May we call you again, about once a month, to ask how things are? You decide the days and hours, and "
        "each time you can say no. You can end this at any time by telling any of us. Do you agree?",
    ),
    (
        Purpose.MESSAGE,
        "fr",
        "Pouvons-nous vous envoyer un court message pour convenir d’un appel ? Il ne dit jamais qui nous "
        "sommes ni de quoi il s’agit. Êtes-vous d’accord ?",
    ),
    (
        Purpose.RECORDING,
        "en",
        "May a colleague listen to this call, only to help me ask better? Nothing is kept. Do you agree?",
    ),
)
"""Drafts that nobody has approved yet."""


def texts(language: str) -> Mapping[Purpose, str]:
    """What is read out in a language; where we have no translation, the English text, marked as such."""
    if language in WRITTEN:
        return WRITTEN[language]
    said_in = LANGUAGES[language].name
    mark = f"[English text: the interpreter reads it out in {said_in}, sentence by sentence.]"
    return {purpose: f"{mark} {ENGLISH[purpose]}" for purpose in THROUGH_AN_INTERPRETER}
