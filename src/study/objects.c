/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/xml.h"
#include "study/read.h"
#include "workloads/limits.h"

/* Hosts and workloads. */

#define DEFAULT_LINK_BYTES_PER_S (G_GUINT64_CONSTANT (1000000000) / 8)
/* the kernel's own, and what it allows (net/bridge/br_private_stp.h) */
#define DEFAULT_FORWARD_DELAY_NS (15 * MIG_NS_PER_S)
#define MIN_FORWARD_DELAY_NS (2 * MIG_NS_PER_S)
#define MAX_FORWARD_DELAY_NS (30 * MIG_NS_PER_S)

gpointer
mig_read_object (GPtrArray *objects, const xmlNode *node, gsize size, gsize line_offset,
                 GError **error)
{
  g_autofree char *name = mig_read_name (node, "name", error);
  gpointer other = mig_study_find (objects, name);

  if (!name)
    return NULL;
  if (other)
    mig_node_error (error, node,
                    "duplicate %s '%s', first defined on line %u; expected another name",
                    node->name, name, G_STRUCT_MEMBER (guint, other, line_offset));
  else if (objects->len == MIG_STUDY_MAX_OBJECTS)
    mig_node_error (error, node, "one %s too many; expected at most %d", node->name,
                    MIG_STUDY_MAX_OBJECTS);
  else
    {
      gpointer object = g_malloc0 (size);
      *(char **) object = g_steal_pointer (&name);
      G_STRUCT_MEMBER (guint, object, line_offset) = mig_node_line (node);
      g_ptr_array_add (objects, object);
      return object;
    }
  return NULL;
}

/* read_cpu: left as it is where the host does not have the attribute. spare: whether it may be
 * that. */
static gboolean
read_cpu (const MigStudyHost *host, const xmlNode *node, const char *attribute, gboolean spare,
          int *cpu, GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  guint64 number = 0;

  if (!text)
    return TRUE;
  if (strcmp (text, "none") == 0)
    *cpu = MIG_STUDY_CPU_NONE;
  else if (spare && strcmp (text, "spare") == 0)
    *cpu = MIG_STUDY_CPU_SPARE;
  else if (g_ascii_string_to_unsigned (text, 10, 0, MIG_STUDY_MAX_CPU, &number, NULL))
    *cpu = (int) number;
  else
    return mig_node_error (
        error, node, "%s='%s' of host '%s' is not a CPU; expected none%s or a number from 0 to %d",
        attribute, text, host->name, spare ? ", spare" : "", MIG_STUDY_MAX_CPU);
  return TRUE;
}

static gboolean
read_cpus (MigStudyHost *host, const xmlNode *node, GError **error)
{
  host->cpu = MIG_STUDY_CPU_NONE;
  if (!read_cpu (host, node, "cpu", FALSE, &host->cpu, error))
    return FALSE;
  host->management_cpu = host->cpu;
  if (!read_cpu (host, node, "management-cpu", TRUE, &host->management_cpu, error))
    return FALSE;
  return host->management_cpu != MIG_STUDY_CPU_SPARE || host->cpu >= 0 ||
         mig_node_error (error, node,
                         "management-cpu of host '%s' is spare, but its guests may use all CPUs; "
                         "expected a number as its cpu",
                         host->name);
}

static gboolean
read_host (MigStudy *study, const xmlNode *node, GError **error)
{
  MigStudyHost *host = MIG_READ_OBJECT (MigStudyHost, study->hosts, node, error);
  if (!host)
    return FALSE;
  if (!read_cpus (host, node, error) ||
      !mig_read_uri (node, "uri", "qemu+ssh://host/system", &host->uri, error) ||
      !mig_read_uri (node, "migrate-uri", "tcp://192.0.2.1", &host->migrate_uri, error) ||
      !mig_read_uri (node, "peer-uri", "qemu+ssh://host/system", &host->peer_uri, error))
    return FALSE;
  if ((host->migrate_uri || host->peer_uri) && !host->uri)
    return mig_node_error (error, node,
                           "host '%s' has a %s but no uri; expected both, or neither for the lab",
                           host->name, host->migrate_uri ? "migrate-uri" : "peer-uri");
  host->pool = mig_node_attribute (node, "pool");
  if (host->pool && (!*host->pool || !host->uri))
    return mig_node_error (error, node,
                           "host '%s' has a pool, '%s', and %s; expected a storage pool or a "
                           "directory of a host with a uri",
                           host->name, host->pool, host->uri ? "that is not a name" : "no uri");
  host->disk_pool = mig_node_attribute (node, "disk-pool");
  if (host->disk_pool && (!*host->disk_pool || !host->uri))
    return mig_node_error (error, node,
                           "host '%s' has a disk-pool, '%s', and %s; expected a storage pool or a "
                           "directory of a host with a uri",
                           host->name, host->disk_pool,
                           host->uri ? "that is not a name" : "no uri");
  return TRUE;
}

/* check_hosts: all of them are the lab's, or none is. */
static gboolean
check_hosts (const MigStudy *study, const xmlNode *node, GError **error)
{
  guint remote = 0;

  if (study->hosts->len < 2)
    return mig_node_error (error, node, "only %u host; expected at least 2", study->hosts->len);
  for (guint i = 0; i < study->hosts->len; i++)
    remote += ((MigStudyHost *) study->hosts->pdata[i])->uri != NULL;
  if (remote != 0 && remote != study->hosts->len)
    return mig_node_error (error, node,
                           "%u of %u hosts have a uri; expected all of them, or none for the lab",
                           remote, study->hosts->len);
  return TRUE;
}

/* read_spanning_tree: whether the lab's bridges have one, and how long it waits. */
static gboolean
read_spanning_tree (MigStudy *study, const xmlNode *hosts, GError **error)
{
  g_autofree char *wanted = mig_node_attribute (hosts, "spanning-tree"),
                  *delay = mig_node_attribute (hosts, "forward-delay");
  gint64 delay_ns = DEFAULT_FORWARD_DELAY_NS;

  if (g_strcmp0 (wanted, "yes") != 0)
    return !delay || mig_node_error (error, hosts,
                                     "hosts have a forward-delay but no spanning tree; expected "
                                     "spanning-tree='yes' beside it");
  if (!mig_read_duration (hosts, "forward-delay", MIN_FORWARD_DELAY_NS, &delay_ns, error))
    return FALSE;
  if (delay_ns > MAX_FORWARD_DELAY_NS)
    return mig_node_error (
        error, hosts, "forward-delay='%s' of hosts is too large; expected at most 30 s", delay);
  study->forward_delay_ns = delay_ns;
  return TRUE;
}

gboolean
mig_read_hosts (MigStudy *study, const xmlNode *root, GError **error)
{
  xmlNode *hosts = mig_node_next (root->children, "hosts");

  study->link_bytes_per_s = DEFAULT_LINK_BYTES_PER_S;
  if (!hosts)
    return mig_node_error (error, root, "no <hosts>; expected at least 2 hosts");
  if (!mig_read_rate (hosts, "link", 1, &study->link_bytes_per_s, error) ||
      !read_spanning_tree (study, hosts, error))
    return FALSE;
  for (xmlNode *n = mig_node_next (hosts->children, "host"); n; n = mig_node_next (n->next, "host"))
    if (!read_host (study, n, error))
      return FALSE;
  return check_hosts (study, hosts, error) && mig_read_network (study, hosts, error);
}

/* read_updates: what only workloads have that update memory or a disk. */
static gboolean
read_updates (MigStudyWorkload *w, double scale, const xmlNode *node, GError **error)
{
  static const char *const attributes[] = { "wss", "rate", "order" };
  g_autofree char *wss = mig_node_attribute (node, "wss"),
                  *order = mig_node_attribute (node, "order");
  gboolean updates = strcmp (w->type, "memory") == 0 || strcmp (w->type, MIG_STUDY_IO) == 0;

  for (guint i = 0; !updates && i < G_N_ELEMENTS (attributes); i++)
    if (xmlHasProp (node, (const xmlChar *) attributes[i]))
      return mig_node_error (
          error, node,
          "workload '%s' of type %s has a %s; expected that with types memory and io only", w->name,
          w->type, attributes[i]);
  if (updates && !wss)
    return mig_node_error (error, node,
                           "workload '%s' has no wss; expected its working set, like wss='460 MB'",
                           w->name);
  w->random = g_strcmp0 (order, "random") == 0;
  if (!mig_read_bytes (node, "wss", MIG_PAGE_BYTES, &w->wss_bytes, error))
    return FALSE;
  if (w->wss_bytes > MIG_GUEST_WSS_MAX_BYTES)
    return mig_node_error (error, node,
                           "wss='%s' of workload is too large; expected at most 16 TiB", wss);
  w->wss_bytes = mig_scale_bytes (scale, w->wss_bytes);
  return mig_read_count (node, "rate", 0, MIG_GUEST_RATE_MAX, &w->rate_pages_per_s, error);
}

/* read_off_after: in what the guest program is asked for it. */
static gboolean
read_off_after (MigStudyWorkload *workload, const xmlNode *node, GError **error)
{
  gint64 *ns = &workload->off_after_ns;

  if (!mig_read_duration (node, "off-after", 0, ns, error))
    return FALSE;
  if (*ns % MIG_NS_PER_MS == 0 && *ns / MIG_NS_PER_MS <= MIG_GUEST_OFF_AFTER_MAX_MS)
    return TRUE;
  g_autofree char *text = mig_node_attribute (node, "off-after");
  return mig_node_error (error, node,
                         "off-after='%s' of workload '%s' is not possible; expected whole "
                         "milliseconds, up to 24 h",
                         text, workload->name);
}

static gboolean
read_workload (MigStudy *study, const xmlNode *node, GError **error)
{
  MigStudyWorkload *workload = MIG_READ_OBJECT (MigStudyWorkload, study->workloads, node, error);
  if (!workload)
    return FALSE;
  workload->type = mig_node_attribute (node, "type");
  if (!workload->type)
    return mig_node_error (error, node, "workload '%s' has no type", workload->name);
  return read_off_after (workload, node, error) &&
         read_updates (workload, study->scale_ratio, node, error);
}

gboolean
mig_read_workloads (MigStudy *study, const xmlNode *root, GError **error)
{
  for (xmlNode *n = mig_node_next (root->children, "workload"); n;
       n = mig_node_next (n->next, "workload"))
    if (!read_workload (study, n, error))
      return FALSE;
  return TRUE;
}
