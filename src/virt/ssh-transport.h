/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_ssh_transport_uri: the URI by which to reach its host: where libvirt would start ssh for it,
 * it is to start this helper (migcost-ssh) instead, which what is typed at the terminal does not
 * reach. Other URIs, and one that names a command of its own, are as they were; so are all where
 * helper is NULL. The caller frees it. */
char *mig_ssh_transport_uri (const char *uri, const char *helper);
