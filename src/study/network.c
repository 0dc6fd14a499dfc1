/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/xml.h"
#include "probe/probe-spec.h"
#include "study/read.h"

/* The guests' network on hosts of one's own, their addresses on it, and how clients ask guests that
 * are there. */

#define MAX_PREFIX 30 /* two hosts at least */
/* of locally administered addresses, QEMU's own; the rest is of the guest's address */
#define MAC "52:54:%02x:%02x:%02x:%02x"

gboolean
mig_read_network (MigStudy *study, const xmlNode *hosts, GError **error)
{
  const xmlNode *node = mig_node_next (hosts->children, "network");

  if (!node)
    return TRUE;
  study->network.bridge = mig_node_attribute (node, "bridge");
  study->network.name = mig_node_attribute (node, "name");
  if (!study->network.bridge == !study->network.name)
    return mig_node_error (
        error, node,
        "<network> has %s; expected one of bridge= and name=, which is a network "
        "of libvirt's",
        study->network.name ? "a bridge and a name" : "no bridge and no name");
  return TRUE;
}

gboolean
mig_study_network_is_given (const MigStudyNetwork *network)
{
  return network->bridge || network->name;
}

/* parse_address: "192.0.2.10/24". */
static gboolean
parse_address (const char *text, char **address, guint *prefix, guint8 bytes[4])
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);
  guint64 length = 0;

  if (g_strv_length (parts) != 2 || inet_pton (AF_INET, parts[0], bytes) != 1 ||
      !g_ascii_string_to_unsigned (parts[1], 10, 1, MAX_PREFIX, &length, NULL))
    return FALSE;
  *address = g_strdup (parts[0]);
  *prefix = (guint) length;
  return TRUE;
}

/* check_other: no other guest has the address. */
static gboolean
check_other (const MigStudy *study, const MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *other = study->guests->pdata[i];
      if (other != guest && g_strcmp0 (other->address, guest->address) == 0)
        return mig_node_error (
            error, node,
            "guests '%s' and '%s' both have the address %s; expected an address for each",
            other->name, guest->name, guest->address);
    }
  return TRUE;
}

gboolean
mig_read_address (const MigStudy *study, MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  g_autofree char *text = mig_node_attribute (node, "address");
  gboolean wanted = guest->network && mig_study_network_is_given (&study->network);
  guint8 bytes[4];

  if (!wanted && !text)
    return TRUE;
  if (!wanted)
    return mig_node_error (error, node,
                           "guest '%s' has an address; expected none: only existing guests with a "
                           "probe have one, and those with network='yes' where <hosts> have a "
                           "<network>",
                           guest->name);
  if (!text || !parse_address (text, &guest->address, &guest->prefix, bytes))
    return mig_node_error (error, node,
                           "guest '%s' has %s%s%s; expected its own IPv4 address on the <network> "
                           "with the length of its prefix, like address='192.0.2.10/24'",
                           guest->name, text ? "the address '" : "no address", text ? text : "",
                           text ? "'" : "");
  guest->mac = g_strdup_printf (MAC, bytes[0], bytes[1], bytes[2], bytes[3]);
  return check_other (study, guest, node, error);
}

gboolean
mig_read_probe (MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  g_autofree char *method = mig_node_attribute (node, "probe"),
                  *address = mig_node_attribute (node, "address");
  g_autoptr (MigProbeSpec) spec = NULL;

  if (!method && !address)
    return TRUE;
  if (!method || !address)
    return mig_node_error (error, node, "guest '%s' has %s; expected both, or neither", guest->name,
                           method ? "a probe but no address" : "an address but no probe");
  g_autofree char *text = mig_probe_spec_join (method, address);
  spec = text ? mig_probe_spec_parse (text, FALSE, NULL) : NULL;
  if (!spec)
    return mig_node_error (error, node,
                           "guest '%s' has the probe '%s' and the address '%s'; expected icmp, "
                           "tcp:PORT or http:PORT/PATH, and an IPv4 or IPv6 address",
                           guest->name, method, address);
  guest->probe = mig_probe_spec_format (spec);
  return TRUE;
}
