/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Hosts of libvirt's test driver that have one domain, called "web". */

/* one_domain_host: of that name, with its file in the directory top; state: libvirt's, of the
 * domain; os: further elements of <os>; NULL: none. Its URI, which the caller frees. */
char *one_domain_host (const char *top, const char *name, const char *uuid, int state,
                       const char *os);
