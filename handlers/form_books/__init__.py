"""Entries of forms: kept, updated, asked about, shown. What a form is stands in `handlers.language.form_spec`."""
