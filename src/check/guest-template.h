/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Of which domain templates a study's own guests are made. */

/* mig_guest_template: the file of the template that a guest on that host is made of: its own, else
 * the host's choice; NULL: none. The caller frees it. */
char *mig_guest_template (const MigRunHost *host, const MigStudyGuest *guest);

/* mig_guest_templates: files of the templates of the guests, of any variant, that start on that
 * host or come to it: each once; GPtrArray of char *, which it frees. lacks: set to whether some
 * guest names none, and the host has none to choose. */
GPtrArray *mig_guest_templates (const MigStudy *study, const MigRunHost *host, gboolean *lacks);
