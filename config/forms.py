"""How every form field is dressed: the design system's class on the control, nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting


class PortalBoundField(BoundField):
    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        own = str((widget or self.field.widget).attrs.get("class", ""))
        attrs["class"] = f"ds-input {own}".strip()
        return attrs


class PortalRenderer(TemplatesSetting):
    bound_field_class = PortalBoundField
