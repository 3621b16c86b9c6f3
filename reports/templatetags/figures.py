"""Figures in templates: shares in per cent."""

from django import template

from reports import figures

register = template.Library()
register.filter("per_cent", figures.per_cent)
register.filter("between", figures.between)
register.filter("count", figures.count)
register.filter("points", figures.points)
