/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "base/xml.h"
#include "virt/internal.h"
#include "virt/xml-values.h"

/* read_online: as cpu-map.h tells; by a driver that does not, every CPU that the topology has. */
static char *
read_online (virConnectPtr connection, const virNodeInfo *node)
{
  unsigned char *map = NULL;
  int n = virNodeGetCPUMap (connection, &map, NULL, 0);
  guint known = MAX (MAX (VIR_NODEINFO_MAXCPUS (*node), node->cpus), 1);
  char *online = g_strnfill (n > 0 ? (gsize) n : known, '1');

  for (int i = 0; i < n; i++)
    online[i] = VIR_CPU_USED (map, i) ? '1' : '0';
  free (map);
  return online;
}

static void
read_info (MigHost *host)
{
  unsigned long version = 0;
  virNodeInfo node = { 0 };
  MigHostInfo *info = &host->info;
  const char *driver = virConnectGetType (host->connection);

  info->driver = host->driver = g_strdup (driver ? driver : "unknown");
  if (virConnectGetVersion (host->connection, &version) == 0)
    info->hypervisor_version = version;
  if (virConnectGetLibVersion (host->connection, &version) == 0)
    info->libvirt_version = version;
  char *hostname = virConnectGetHostname (host->connection);
  info->hostname = host->hostname = g_strdup (hostname ? hostname : "");
  free (hostname);
  if (virNodeGetInfo (host->connection, &node) == 0)
    {
      info->cpu_model = host->cpu_model = g_strdup (node.model);
      info->cpus = node.cpus;
      info->memory_bytes = node.memory * MIG_KIB;
    }
  host->online = read_online (host->connection, &node);
}

static void
free_domain (gpointer domain)
{
  virDomainFree (domain);
}

static MigHost *
open_host (const char *name, const char *uri, gboolean read_only, GError **error)
{
  g_autoptr (MigHost) host = g_new0 (MigHost, 1);

  g_mutex_init (&host->lock);
  host->name = g_strdup (name);
  host->uri = g_strdup (uri);
  host->read_only = read_only;
  host->spares = g_ptr_array_new ();
  host->observed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_domain);
  host->callbacks[0] = host->callbacks[1] = host->callbacks[2] = -1;
  host->connection = mig_host_connect (host, error);
  if (!host->connection)
    return NULL;
  read_info (host);
  mig_capabilities_probe (host);
  return g_steal_pointer (&host);
}

MigHost *
mig_host_open (const char *name, const char *uri, GError **error)
{
  return open_host (name, uri, FALSE, error);
}

MigHost *
mig_host_open_to_read (const char *name, const char *uri, GError **error)
{
  return open_host (name, uri, TRUE, error);
}

void
mig_host_free (MigHost *host)
{
  if (!host)
    return;
  if (host->connection)
    {
      mig_host_watch (host, NULL, NULL, NULL);
      virConnectClose (host->connection);
    }
  g_hash_table_unref (host->observed);
  mig_host_give_back (host, host->observer);
  mig_host_close_spares (host);
  g_mutex_clear (&host->lock);
  xmlFreeDoc (host->capabilities);
  g_free (host->name);
  g_free (host->uri);
  g_free (host->driver);
  g_free (host->hostname);
  g_free (host->cpu_model);
  g_free (host->online);
  g_free (host);
}

const char *
mig_host_name (const MigHost *host)
{
  return host->name;
}

const char *
mig_host_uri (const MigHost *host)
{
  return host->uri;
}

const MigHostInfo *
mig_host_info (const MigHost *host)
{
  return &host->info;
}

char *
mig_host_uri_server (const char *text)
{
  g_autoptr (GUri) uri = text ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *server = uri ? g_uri_get_host (uri) : NULL;

  return server && *server ? g_strdup (server) : NULL;
}

const char *
mig_host_peer_uri (const char *stated, const char *own)
{
  return stated ? stated : own;
}

gboolean
mig_host_uri_names_server (const char *uri)
{
  g_autofree char *server = mig_host_uri_server (uri);

  return server && !g_str_has_prefix (server, "localhost");
}

char *
mig_version_text (guint64 version)
{
  if (version == 0)
    return NULL;
  return g_strdup_printf ("%u.%u.%u", (guint) (version / 1000000), (guint) (version / 1000 % 1000),
                          (guint) (version % 1000));
}

gboolean
mig_host_can (const MigHost *host, MigCapability capability)
{
  g_return_val_if_fail (capability < MIG_N_CAPABILITIES, FALSE);
  return host->can[capability];
}

/* Asked of libvirt once; NULL: it does not tell. */
static xmlDocPtr
capabilities (MigHost *host)
{
  g_mutex_lock (&host->lock);
  if (!host->capabilities)
    {
      char *xml = virConnectGetCapabilities (host->connection);
      if (xml)
        host->capabilities = mig_xml_parse (xml, strlen (xml), "capabilities", "capabilities",
                                            NULL);
      free (xml);
    }
  g_mutex_unlock (&host->lock);
  return host->capabilities;
}

/* What the capabilities say to an XPath expression, as a text; NULL: nothing. */
static char *
ask_capabilities (MigHost *host, const char *xpath)
{
  char *answer = NULL;
  xmlDocPtr doc = capabilities (host);
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  xmlXPathObjectPtr object = context ? xmlXPathEvalExpression (BAD_CAST xpath, context) : NULL;
  xmlChar *text = object ? xmlXPathCastToString (object) : NULL;
  if (text && *text)
    answer = g_strdup ((const char *) text);
  xmlFree (text);
  xmlXPathFreeObject (object);
  xmlXPathFreeContext (context);
  return answer;
}

char **
mig_host_capability_texts (MigHost *host, const char *xpath)
{
  return mig_xml_values_in (capabilities (host), xpath);
}

static gboolean
capabilities_hold (MigHost *host, const char *xpath)
{
  g_autofree char *answer = ask_capabilities (host, xpath);
  return g_strcmp0 (answer, "true") == 0;
}

gboolean
mig_host_offers (MigHost *host, const char *domain_type, const char *os_type)
{
  g_autofree char *xpath = g_strdup_printf (
      "boolean(/capabilities/guest[%s%s%s]/arch/domain[@type='%s'])",
      os_type ? "os_type='" : "true()", os_type ? os_type : "", os_type ? "'" : "", domain_type);
  return capabilities_hold (host, xpath);
}

char *
mig_host_emulator (MigHost *host, const char *domain_type)
{
  g_autofree char *xpath = g_strdup_printf (
      "/capabilities/guest[os_type='hvm']/arch[@name=/capabilities/host/cpu/arch]"
      "[domain/@type='%s']/emulator",
      domain_type);
  return ask_capabilities (host, xpath);
}

gboolean
mig_host_is_virtual (MigHost *host)
{
  return capabilities_hold (host, "boolean(/capabilities/host/cpu/feature[@name='hypervisor'])");
}

/* What new guests can have: free memory and what the kernel would give back (buffers, page cache).
 */
static guint64
reclaimable_memory (MigHost *host)
{
  static const char *const fields[] = { VIR_NODE_MEMORY_STATS_FREE, VIR_NODE_MEMORY_STATS_BUFFERS,
                                        VIR_NODE_MEMORY_STATS_CACHED };
  virNodeMemoryStats stats[16];
  int n = G_N_ELEMENTS (stats);
  guint64 kib = 0;

  if (virNodeGetMemoryStats (host->connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) < 0 ||
      n > (int) G_N_ELEMENTS (stats) ||
      virNodeGetMemoryStats (host->connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, stats, &n, 0) < 0)
    return 0;
  for (int i = 0; i < n; i++)
    for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
      if (strcmp (stats[i].field, fields[f]) == 0)
        kib += stats[i].value;
  return kib * MIG_KIB;
}

gboolean
mig_host_free_memory (MigHost *host, guint64 *bytes, GError **error)
{
  unsigned long long available = reclaimable_memory (host);
  if (available == 0)
    available = virNodeGetFreeMemory (host->connection);
  if (available == 0)
    {
      mig_virt_error (error, "cannot read the free memory of host '%s'", host->name);
      return FALSE;
    }
  *bytes = available;
  return TRUE;
}

gboolean
mig_host_round_trip (MigHost *host, gint64 *ns, GError **error)
{
  unsigned long version;
  gint64 start = mig_clock_now ();

  /* a call that the daemon answers from memory */
  if (virConnectGetLibVersion (host->connection, &version) < 0)
    {
      mig_virt_error (error, "host '%s' does not answer", host->name);
      return FALSE;
    }
  *ns = mig_clock_now () - start;
  return TRUE;
}
