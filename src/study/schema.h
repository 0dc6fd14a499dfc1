/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* mig_schema_check: does the document follow studies/study.rng? Where not: *explained is TRUE if
 * the error says in clear words what was expected; FALSE if it is libxml2's, for lack of a better
 * one (a value that is not of its type). Errors: MIG_ERROR_INVALID; MIG_ERROR_FAILED: no schema
 * found. */
gboolean mig_schema_check (xmlDoc *doc, gboolean *explained, GError **error);

/* mig_grammar_explain: compares the elements, attributes and enumerations of a document with a
 * RELAX NG grammar in XML syntax. Elements are declared in place, or whole, with <optional> and the
 * like around them, in a definition. FALSE and an error for the first difference; TRUE if there is
 * none of this kind. */
gboolean mig_grammar_explain (const xmlDoc *doc, const xmlDoc *grammar, GError **error);
