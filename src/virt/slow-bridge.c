/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "virt/internal.h"
#include "virt/slow-bridge.h"
#include "virt/xml-values.h"

/* is_slow: by the XML of a network, or of a bridge as an interface. libvirt's own networks have a
 * spanning tree where nothing else is said, and no delay. */
static gboolean
is_slow (const char *xml, const char *root)
{
  g_autofree char *trees = g_strdup_printf ("/%s/bridge/@stp", root);
  g_autofree char *delays = g_strdup_printf ("/%s/bridge/@delay", root);
  g_auto (GStrv) tree = mig_xml_values (xml, root, trees);
  g_auto (GStrv) delay = mig_xml_values (xml, root, delays);

  return g_strcmp0 (tree[0], "off") != 0 && delay[0] && g_ascii_strtod (delay[0], NULL) > 0;
}

static gboolean
is_slow_network (MigHost *host, const char *name)
{
  virNetworkPtr network = virNetworkLookupByName (host->connection, name);
  char *xml = network ? virNetworkGetXMLDesc (network, 0) : NULL;
  gboolean slow = is_slow (xml, "network");

  free (xml);
  if (network)
    virNetworkFree (network);
  return slow;
}

static gboolean
is_slow_bridge (MigHost *host, const char *name)
{
  virInterfacePtr bridge = virInterfaceLookupByName (host->connection, name);
  char *xml = bridge ? virInterfaceGetXMLDesc (bridge, 0) : NULL;
  gboolean slow = is_slow (xml, "interface");

  free (xml);
  if (bridge)
    virInterfaceFree (bridge);
  return slow;
}

/* What connects guests, and who knows whether it is slow. */
enum { NETWORK, BRIDGE, N_KINDS };
static const struct {
  const char *path, *kind;
  gboolean (*is_slow) (MigHost *host, const char *name);
} kinds[N_KINDS] = {
  { "/domain/devices/interface[@type='network']/source/@network", "network", is_slow_network },
  { "/domain/devices/interface[@type='bridge']/source/@bridge", "bridge", is_slow_bridge },
};

char **
mig_guest_slow_bridges (MigGuest *guest, MigHost *host)
{
  g_autoptr (GStrvBuilder) slow = g_strv_builder_new ();
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);

  for (guint k = 0; k < N_KINDS; k++)
    {
      g_auto (GStrv) names = mig_xml_values (xml, "domain", kinds[k].path);
      for (guint i = 0; names[i]; i++)
        {
          g_autofree char *text = g_strdup_printf ("%s '%s'", kinds[k].kind, names[i]);
          if (kinds[k].is_slow (host, names[i]))
            g_strv_builder_add (slow, text);
        }
    }
  return g_strv_builder_end (slow);
}

char *
mig_host_slow_bridge (MigHost *host, const char *bridge, const char *network)
{
  guint k = bridge ? BRIDGE : NETWORK;
  const char *name = bridge ? bridge : network;

  return kinds[k].is_slow (host, name) ? g_strdup_printf ("%s '%s'", kinds[k].kind, name) : NULL;
}
