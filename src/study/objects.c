/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/xml.h"
#include "study/read.h"

/* Hosts, workloads and guests: the objects that have names. */

#define DEFAULT_LINK_BYTES_PER_S (G_GUINT64_CONSTANT (1000000000) / 8)
#define DEFAULT_MEMORY_BYTES (512 * MIG_MIB)
/* the kernel's own, and what it allows (net/bridge/br_private_stp.h) */
#define DEFAULT_FORWARD_DELAY_NS (15 * MIG_NS_PER_S)
#define MIN_FORWARD_DELAY_NS (2 * MIG_NS_PER_S)
#define MAX_FORWARD_DELAY_NS (30 * MIG_NS_PER_S)

/* add_object: a new object of that size, with its name and line, at the end of its list; freed with
 * it. */
static gpointer
add_object (GPtrArray *objects, const xmlNode *node, gsize size, gsize line_offset, GError **error)
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
#define ADD(type, objects, node, error)                                                            \
  ((type *) add_object (objects, node, sizeof (type), G_STRUCT_OFFSET (type, line), error))

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
  MigStudyHost *host = ADD (MigStudyHost, study->hosts, node, error);
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
  w->wss_bytes = mig_scale_bytes (scale, w->wss_bytes);
  return mig_read_count (node, "rate", 0, 1000000000, &w->rate_pages_per_s, error);
}

static gboolean
read_workload (MigStudy *study, const xmlNode *node, GError **error)
{
  MigStudyWorkload *workload = ADD (MigStudyWorkload, study->workloads, node, error);
  if (!workload)
    return FALSE;
  workload->type = mig_node_attribute (node, "type");
  if (!workload->type)
    return mig_node_error (error, node, "workload '%s' has no type", workload->name);
  return mig_read_duration (node, "off-after", 0, &workload->off_after_ns, error) &&
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

/* check_template: a name must be one that ships, a path must be there. */
static gboolean
check_template (const MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  const char *template = guest->template_name;

  if (!template)
    return TRUE;
  if (strchr (template, '/'))
    return g_file_test (template, G_FILE_TEST_IS_REGULAR) ||
           mig_node_error (error, node,
                           "template '%s' of guest '%s' is not a file; expected domain XML",
                           template, guest->name);
  g_autofree char *file = g_strdup_printf ("domains/%s.xml", template);
  g_autofree char *path = mig_read_is_name (template) ? mig_files_find_data (file) : NULL;
  return path || mig_node_error (error, node,
                                 "guest '%s' has an unknown template '%s'; expected a name from "
                                 "'migcost list', or a path with a '/'",
                                 guest->name, template);
}

static gboolean
check_memory (const MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  const guint64 kernel_mib = MIG_SCALE_KERNEL_BYTES / MIG_MIB;
  guint64 free_bytes = guest->memory_bytes - MIN (guest->memory_bytes, MIG_SCALE_KERNEL_BYTES);
  g_autofree char *has = g_strdup_printf ("%" G_GUINT64_FORMAT " MiB",
                                          guest->memory_bytes / MIG_MIB);

  if (free_bytes == 0)
    return mig_node_error (error, node,
                           "guest '%s' has %s; expected more than the %" G_GUINT64_FORMAT
                           " MiB that its kernel takes",
                           guest->name, has, kernel_mib);
  if (strcmp (guest->workload->type, MIG_STUDY_IO) != 0 && guest->workload->wss_bytes > free_bytes)
    {
      g_autofree char *wants = mig_units_format_bytes ((gint64) guest->workload->wss_bytes);
      g_autofree char *left = mig_units_format_bytes ((gint64) free_bytes);
      return mig_node_error (error, node,
                             "workload '%s' updates %s, but guest '%s' has %s, of which its kernel "
                             "takes %" G_GUINT64_FORMAT " MiB; expected a wss of at most %s",
                             guest->workload->name, wants, guest->name, has, kernel_mib, left);
    }
  return TRUE;
}

/* read_disk: a disk of its own, and whether its workload fits on it. */
static gboolean
read_disk (MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  const MigStudyWorkload *workload = guest->workload;
  gboolean io = strcmp (workload->type, MIG_STUDY_IO) == 0;

  guest->disk_cache = mig_node_attribute (node, "disk-cache");
  if (!mig_read_bytes (node, "disk", 0, &guest->disk_bytes, error))
    return FALSE;
  if (guest->disk_cache && !guest->disk_bytes)
    return mig_node_error (error, node,
                           "guest '%s' has a disk-cache but no disk; expected disk='64 MiB' beside "
                           "it",
                           guest->name);
  if (guest->disk_bytes % MIG_PAGE_BYTES)
    return mig_node_error (error, node,
                           "the disk of guest '%s' is no whole number of blocks of 4096 bytes; "
                           "expected something like '64 MiB'",
                           guest->name);
  if (!io || workload->wss_bytes <= guest->disk_bytes)
    return TRUE;
  g_autofree char *wants = mig_units_format_bytes ((gint64) workload->wss_bytes);
  g_autofree char *has = mig_units_format_bytes ((gint64) guest->disk_bytes);
  return mig_node_error (error, node,
                         "workload '%s' updates %s of a disk, but guest '%s' has %s%s; expected a "
                         "disk of that size at least",
                         workload->name, wants, guest->name,
                         guest->disk_bytes ? "one of " : "no disk", guest->disk_bytes ? has : "");
}

/* read_hardware: what it asks of its host in particular. */
static gboolean
read_hardware (MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  g_autofree char *huge = mig_node_attribute (node, "hugepages");
  guint64 number = G_MAXUINT64;

  guest->hugepages = g_strcmp0 (huge, "yes") == 0;
  guest->cpu_model = mig_node_attribute (node, "cpu-model");
  if (!mig_read_count (node, "numa-node", 0, MIG_STUDY_MAX_NODE, &number, error))
    return FALSE;
  guest->numa_node = number == G_MAXUINT64 ? MIG_MISSING_INT : (gint64) number;
  return TRUE;
}

/* resolve: the object that an attribute names. */
static gpointer
resolve (const xmlNode *node, const char *attribute, const char *guest, const char *kind,
         const GPtrArray *objects, GError **error)
{
  g_autofree char *name = mig_read_name (node, attribute, error);
  gpointer object = mig_study_find (objects, name);

  if (name && !object)
    {
      g_autofree char *expected = mig_read_names (objects);
      mig_node_error (error, node, "guest '%s' refers to an unknown %s '%s'; expected %s", guest,
                      kind, name, expected);
    }
  return object;
}

/* refuse: attributes that do not go with what the guest is. */
static gboolean
refuse (const MigStudyGuest *guest, const xmlNode *node, const char *const *attributes,
        const char *why, GError **error)
{
  for (guint i = 0; attributes[i]; i++)
    if (xmlHasProp (node, (const xmlChar *) attributes[i]))
      return mig_node_error (error, node, "guest '%s' has a %s; expected none: %s", guest->name,
                             attributes[i], why);
  return TRUE;
}

/* read_existing: one that is there. It is a class of its own, whatever it does. */
static gboolean
read_existing (MigStudy *study, MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  static const char *const own[] = { "workload",  "memory",    "vcpus",      "template",
                                     "network",   "disk",      "disk-cache", "hugepages",
                                     "numa-node", "cpu-model", NULL };
  MigStudyWorkload *class = NULL;

  if (!refuse (guest, node, own, "migcost does not change existing guests", error) ||
      !(class = ADD (MigStudyWorkload, study->workloads, node, error)))
    return FALSE;
  class->type = g_strdup (MIG_STUDY_EXISTING);
  guest->numa_node = MIG_MISSING_INT;
  guest->workload = class;
  guest->domain = mig_node_attribute (node, "domain");
  if (!guest->domain)
    guest->domain = g_strdup (guest->name);
  if (!*guest->domain)
    return mig_node_error (error, node,
                           "domain of guest '%s' is empty; expected the domain's name on the host",
                           guest->name);
  return mig_read_probe (guest, node, error);
}

/* read_own: one that migcost starts. */
static gboolean
read_own (MigStudy *study, MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  static const char *const others[] = { "domain", "pin", "probe", NULL };

  if (!refuse (guest, node, others, "only existing guests (existing='yes') have one", error))
    return FALSE;
  if (!xmlHasProp (node, (const xmlChar *) "workload"))
    return mig_node_error (
        error, node,
        "guest '%s' has no workload; expected one, or existing='yes' for an existing guest",
        guest->name);
  guest->workload = resolve (node, "workload", guest->name, "workload", study->workloads, error);
  if (!guest->workload)
    return FALSE;
  guest->domain = g_strdup_printf ("migcost-%s", guest->name);
  guest->memory_bytes = DEFAULT_MEMORY_BYTES;
  guest->template_name = mig_node_attribute (node, "template");
  g_autofree char *network = mig_node_attribute (node, "network");
  guest->network = g_strcmp0 (network, "yes") == 0;
  if (!mig_read_bytes (node, "memory", 1, &guest->memory_bytes, error))
    return FALSE;
  guest->memory_bytes = mig_scale_memory (study->scale_ratio, guest->memory_bytes);
  return mig_read_address (study, guest, node, error) &&
         mig_read_count (node, "vcpus", 1, MIG_STUDY_MAX_VCPUS, &guest->vcpus, error) &&
         check_memory (guest, node, error) && read_disk (guest, node, error) &&
         read_hardware (guest, node, error) && check_template (guest, node, error);
}

/* check_domain: no other guest is the same domain. */
static gboolean
check_domain (const MigStudy *study, const MigStudyGuest *guest, const xmlNode *node,
              GError **error)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *other = study->guests->pdata[i];
      if (other != guest && strcmp (other->domain, guest->domain) == 0)
        return mig_node_error (
            error, node,
            "guests '%s' and '%s' are both the domain '%s'; expected a domain for each",
            other->name, guest->name, guest->domain);
    }
  return TRUE;
}

static gboolean
read_guest (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autofree char *existing = mig_node_attribute (node, "existing");
  g_autofree char *pin = mig_node_attribute (node, "pin");
  MigStudyGuest *guest = ADD (MigStudyGuest, study->guests, node, error);

  if (!guest)
    return FALSE;
  guest->existing = g_strcmp0 (existing, "yes") == 0;
  guest->pin = g_strcmp0 (pin, "yes") == 0;
  if (!(guest->existing ? read_existing : read_own) (study, guest, node, error))
    return FALSE;
  guest->host = study->hosts->pdata[0];
  if (xmlHasProp (node, (const xmlChar *) "host"))
    guest->host = resolve (node, "host", guest->name, "host", study->hosts, error);
  return guest->host && check_domain (study, guest, node, error);
}

gboolean
mig_read_guests (MigStudy *study, const xmlNode *root, GError **error)
{
  for (xmlNode *n = mig_node_next (root->children, "guest"); n;
       n = mig_node_next (n->next, "guest"))
    if (!read_guest (study, n, error))
      return FALSE;
  if (study->guests->len == 0)
    return mig_node_error (error, root, "no <guest>; expected at least one");
  return TRUE;
}
