/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <netinet/in.h>

#include <glib.h>

/* Where a guest is asked: an IPv4 or IPv6 address, and a port. */
typedef struct {
  union {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
  };
  socklen_t size;
} MigProbeAddress;

/* mig_probe_address_parse: port 0: it has none. FALSE: the text is neither. Pure. */
gboolean mig_probe_address_parse (const char *text, guint port, MigProbeAddress *address);

/* mig_probe_address_host: the text as it stands before a port or in a URL: an IPv6 address in
 * brackets. The caller frees it. Pure. */
char *mig_probe_address_host (const char *text);
