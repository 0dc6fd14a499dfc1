/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A request to a guest's server by one of the clients that a load generator plays, and how the
 * prober (prober.h) tells it. */
typedef struct {
  guint guest; /* from 0, as told to the prober */
  gint64 sent_ns;
  gint64 answered_ns; /* missing: it was not */
  gint64 status;      /* HTTP's; missing with it */
  gint64 given_up_ns; /* when waiting for the answer ended; missing where it came */
} MigRequest;

/* mig_request_format: its line, at the end of the text. mig_request_parse: FALSE: it is none. */
void mig_request_format (GString *text, const MigRequest *request);
gboolean mig_request_parse (const char *line, MigRequest *request);

/* mig_request_parse_hey: a line of what hey 0.1.4 writes by -o csv, of a request that was answered:
 * when it sent it is by its own start, which is start_ns. FALSE: it is none, as the first line, of
 * the columns' names. */
gboolean mig_request_parse_hey (const char *line, gint64 start_ns, MigRequest *request);

/* mig_answer_lacks: bytes that an answer of HTTP/1 still lacks which begins so; one that does not
 * say how long it is is whole with its header. MIG_ANSWER_UNKNOWN: that is not whole yet. */
#define MIG_ANSWER_UNKNOWN G_MAXUINT64
guint64 mig_answer_lacks (const char *beginning, gsize size);
