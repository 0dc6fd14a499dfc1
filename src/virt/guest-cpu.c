/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <string.h>

#include "base/error.h"
#include "base/xml.h"
#include "virt/guest-cpu.h"
#include "virt/internal.h"

#define HOST_MODEL "/domainCapabilities/cpu/mode[@name='host-model' and @supported='yes']"
#define MODELS "/domainCapabilities/cpu/mode[@name='custom']/model"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathObject, xmlXPathFreeObject)

/* domain_capabilities: of guests under KVM; NULL with libvirt's error. */
static xmlDoc *
domain_capabilities (MigHost *host)
{
  char *xml = virConnectGetDomainCapabilities (host->connection, NULL, NULL, NULL, "kvm", 0);
  xmlDoc *doc = xml ? mig_xml_parse (xml, strlen (xml), "host", "capabilities", NULL) : NULL;

  free (xml);
  return doc;
}

/* host_model: what the hypervisor offers at most, as <cpu>; NULL: it does not tell. */
static char *
host_model (MigHost *host)
{
  g_autoptr (xmlDoc) doc = domain_capabilities (host);
  g_autoptr (xmlXPathContext) context = doc ? xmlXPathNewContext (doc) : NULL;
  g_autoptr (xmlXPathObject) found = context ? xmlXPathEvalExpression (BAD_CAST HOST_MODEL, context)
                                             : NULL;

  if (!found || !found->nodesetval || found->nodesetval->nodeNr == 0)
    return NULL;
  xmlNode *mode = found->nodesetval->nodeTab[0];
  xmlNodeSetName (mode, BAD_CAST "cpu");
  xmlUnsetProp (mode, BAD_CAST "name");
  xmlUnsetProp (mode, BAD_CAST "supported");
  xmlBuffer *buffer = xmlBufferCreate ();
  xmlNodeDump (buffer, doc, mode, 0, 0);
  char *text = g_strdup ((const char *) xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return text;
}

static int
by_version (gconstpointer a, gconstpointer b)
{
  guint64 one = mig_host_info (*(MigHost *const *) a)->libvirt_version,
          other = mig_host_info (*(MigHost *const *) b)->libvirt_version;
  return (one > other) - (one < other);
}

/* ask: the baseline of these descriptions; NULL with the error. */
static char *
ask (MigHost *host, const GPtrArray *cpus, GError **error)
{
  char *baseline = virConnectBaselineHypervisorCPU (host->connection, NULL, NULL, NULL, "kvm",
                                                    (const char **) cpus->pdata, cpus->len,
                                                    VIR_CONNECT_BASELINE_CPU_MIGRATABLE);
  if (!baseline)
    mig_virt_error (error, "host '%s' finds no CPU that guests can have on all hosts", host->name);
  char *copy = g_strdup (baseline);
  free (baseline);
  return copy;
}

char *
mig_host_baseline_guest_cpu (const GPtrArray *hosts, GError **error)
{
  g_autoptr (GPtrArray) cpus = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy ((GPtrArray *) hosts, NULL, NULL);
  g_autoptr (GError) first = NULL;
  char *baseline = NULL;

  for (guint i = 0; i < hosts->len; i++)
    {
      char *cpu = host_model (hosts->pdata[i]);
      if (!cpu)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                       "host '%s' does not say which CPU guests under KVM can have",
                       mig_host_name (hosts->pdata[i]));
          return NULL;
        }
      g_ptr_array_add (cpus, cpu);
    }
  /* an older one may not know the name of a feature that a newer one has and that is to go */
  g_ptr_array_sort (sorted, by_version);
  for (guint i = 0; i < sorted->len && !baseline; i++)
    baseline = ask (sorted->pdata[i], cpus, first ? NULL : &first);
  if (!baseline)
    g_propagate_error (error, g_steal_pointer (&first));
  return baseline;
}

gboolean
mig_host_offers_cpu (MigHost *host, const char *model, gboolean *known)
{
  g_autoptr (xmlDoc) doc = domain_capabilities (host);
  g_autoptr (xmlXPathContext) context = doc ? xmlXPathNewContext (doc) : NULL;
  g_autoptr (xmlXPathObject) found = context ? xmlXPathEvalExpression (BAD_CAST MODELS, context)
                                             : NULL;
  const xmlNodeSet *models = found ? found->nodesetval : NULL;
  gboolean offers = FALSE;

  *known = models && models->nodeNr > 0;
  for (int i = 0; models && i < models->nodeNr && !offers; i++)
    {
      g_autofree char *name = mig_node_text (models->nodeTab[i]);
      g_autofree char *usable = mig_node_attribute (models->nodeTab[i], "usable");
      offers = strcmp (g_strstrip (name), model) == 0 && g_strcmp0 (usable, "no") != 0;
    }
  return offers;
}
