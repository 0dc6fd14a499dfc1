/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Of which domain templates a study's own guests are made. */

/* mig_guest_template: the file of the template that a guest on that host is made of: its own, else
 * the host's choice; NULL: none. The caller frees it. */
char *mig_guest_template (const MigRunHost *host, const MigStudyGuest *guest);
