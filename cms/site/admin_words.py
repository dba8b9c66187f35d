"""Words of libraries whose Chinese is there but wrong for our readers: named here, our catalogue gives better ones.

What Wagtail's Chinese lacks need not be named: `cms.translations.libraries` finds it.
"""

from django.utils.translation import gettext_noop

FORMS = (gettext_noop("This field is required."),)  # Django's Chinese for it is a word of databases
