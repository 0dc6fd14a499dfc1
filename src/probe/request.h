/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A request to a guest's server by one of the clients that a load generator plays, and how the
 * prober (prober.h) tells it. */
typedef struct {
  guint guest; /* from 0, as told to the prober */
  gint64 sent_ns, answered_ns;
  gint64 status; /* HTTP's */
} MigRequest;

/* mig_request_format: its line, at the end of the text. mig_request_parse: FALSE: it is none. */
void mig_request_format (GString *text, const MigRequest *request);
gboolean mig_request_parse (const char *line, MigRequest *request);

/* mig_request_parse_hey: a line of what hey 0.1.4 writes by -o csv: when it sent the request is by
 * its own start, which is start_ns. FALSE: it is none, as the first line, of the columns' names. */
gboolean mig_request_parse_hey (const char *line, gint64 start_ns, MigRequest *request);
