/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/xml.h"
#include "study/read.h"
#include "workloads/limits.h"

#define DEFAULT_MEMORY_BYTES (512 * MIG_MIB)

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
  g_autofree char *path = mig_read_is_name (template) ? mig_files_find_template (template) : NULL;
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

/* read_server: of those that ship; the lab alone has clients for it. */
static gboolean
read_server (const MigStudy *study, MigStudyGuest *guest, const xmlNode *node, GError **error)
{
  guest->server = mig_node_attribute (node, "server");
  if (!guest->server)
    return TRUE;
  if (!guest->network || ((const MigStudyHost *) study->hosts->pdata[0])->uri)
    return mig_node_error (error, node, "guest '%s' has a server and %s; expected %s", guest->name,
                           guest->network ? "hosts with a uri" : "no network",
                           guest->network ? "the lab's hosts, which have clients for it"
                                          : "network='yes' beside it");
  g_autofree char *file = g_strdup_printf ("servers/%s/server.conf", guest->server);
  g_autofree char *path = mig_read_is_name (guest->server) ? mig_files_find_data (file) : NULL;
  return path ||
         mig_node_error (error, node,
                         "guest '%s' has an unknown server '%s'; expected a name from 'migcost "
                         "list'",
                         guest->name, guest->server);
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
  g_autofree char *ring = mig_node_attribute (node, "dirty-ring");
  guint64 number = G_MAXUINT64;

  guest->hugepages = g_strcmp0 (huge, "yes") == 0;
  guest->dirty_ring = g_strcmp0 (ring, "yes") == 0;
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
  static const char *const own[] = { "workload",  "memory",     "vcpus",     "template",
                                     "network",   "server",     "disk",      "disk-cache",
                                     "hugepages", "dirty-ring", "numa-node", "cpu-model",
                                     NULL };
  MigStudyWorkload *class = NULL;

  if (!refuse (guest, node, own, "migcost does not change existing guests", error) ||
      !(class = MIG_READ_OBJECT (MigStudyWorkload, study->workloads, node, error)))
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
  guest->streams = g_strcmp0 (network, "streams") == 0;
  guest->network = guest->streams || g_strcmp0 (network, "yes") == 0;
  if (!mig_read_bytes (node, "memory", 1, &guest->memory_bytes, error))
    return FALSE;
  guest->memory_bytes = mig_scale_memory (study->scale_ratio, guest->memory_bytes);
  return read_server (study, guest, node, error) && mig_read_address (study, guest, node, error) &&
         mig_read_count (node, "vcpus", 1, MIG_GUEST_WORKERS_MAX, &guest->vcpus, error) &&
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
  MigStudyGuest *guest = MIG_READ_OBJECT (MigStudyGuest, study->guests, node, error);

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
