/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_show_paper: the paper, claim by claim, of several results, in a format, behind out. places:
 * ended by NULL: DIR or PLATFORM=DIR. output: the file that it will be written to, NULL: none;
 * figures of a page and of Markdown are kept beside it, in OUTPUT.figures. Errors: USAGE where the
 * format is not one of text, json, markdown and html, or no result tests the paper's claims; those
 * of reading a result. */
gboolean mig_show_paper (char *const *places, const char *format, const char *output, GString *out,
                         GError **error);
