/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_page_begin: from the document's beginning to the body's: title and style, in the colours of
 * the figures. */
void mig_page_begin (const char *title, GString *out);
