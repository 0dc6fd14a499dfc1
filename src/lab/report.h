/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What migcost-lab and the process that started it tell each other.
 *
 * migcost-lab writes lines to its standard output: a word, a space, a text:
 *   progress TEXT     what is being done
 *   warning TEXT      what the user should know
 *   ready DIRECTORY   the lab is up; its file "state" says the rest
 *   link RATE         the link has the rate that was asked for; RATE: bytes/s it was measured to
 * carry error CODE TEXT   it could not be started (CODE: MigErrorCode); nothing follows. Once the
 * lab is up: the link could not be changed It reads its standard input. When that ends, the lab is
 * taken down and migcost-lab ends; MIG_REPORT_KEEP makes the lab outlive its starter;
 * MIG_REPORT_SHAPE, a rate in bytes/s and a newline give the link another rate. */
typedef enum {
  MIG_REPORT_PROGRESS,
  MIG_REPORT_WARNING,
  MIG_REPORT_READY,
  MIG_REPORT_LINK,
  MIG_REPORT_ERROR,
  MIG_REPORT_UNKNOWN,
} MigHelperReport;

#define MIG_REPORT_KEEP "k"
#define MIG_REPORT_SHAPE "l"

/* mig_report_parse: one line without its newline. *text points into it; *code is set for ERROR. */
MigHelperReport mig_report_parse (const char *line, int *code, const char **text);

/* mig_report_send: writes one line; newlines in the text become spaces. mig_report_send_error sends
 * an error with its code. A reader who has gone is ignored. */
void mig_report_send (int fd, MigHelperReport report, const char *format, ...) G_GNUC_PRINTF (3, 4);
void mig_report_send_error (int fd, const GError *failure);
