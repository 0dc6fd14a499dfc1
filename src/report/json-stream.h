/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* JSON, written as it is made: nothing of it is kept but the text. Lines are indented as json-glib
 * does. */

/* MigTextDrain: may take whole lines from the beginning of a text that grows. */
typedef void (*MigTextDrain) (GString *text);

typedef struct {
  GString *out;
  MigTextDrain drain; /* called after each object; NULL: all of it stays in out */
  guint depth;        /* of the arrays and objects that are begun and not ended */
  gboolean has_value; /* the innermost of them, so far */
} MigJson;

/* Each of these is a member of the object that was begun, by its key, or with a key of NULL an
 * element of the array, or the document itself. Keys are identifiers ([a-z0-9_-]). */

/* mig_json_number: nine significant digits; not finite: null. */
void mig_json_number (MigJson *json, const char *key, double value);
void mig_json_integer (MigJson *json, const char *key, gint64 value);  /* missing: null */
void mig_json_text (MigJson *json, const char *key, const char *text); /* NULL: null */
void mig_json_boolean (MigJson *json, const char *key, gboolean value);

void mig_json_begin_object (MigJson *json, const char *key);
void mig_json_begin_array (MigJson *json, const char *key);
void mig_json_end_object (MigJson *json);
void mig_json_end_array (MigJson *json);
