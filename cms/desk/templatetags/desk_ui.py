"""What the desk's templates say in words."""

from django import template

from cms.desk.trail_words import act_words

register = template.Library()
register.filter("act_words", act_words)
