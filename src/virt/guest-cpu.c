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

/* oldest: of libvirt's versions. */
static MigHost *
oldest (const GPtrArray *hosts)
{
  MigHost *found = hosts->pdata[0];

  for (guint i = 1; i < hosts->len; i++)
    if (mig_host_info (hosts->pdata[i])->libvirt_version < mig_host_info (found)->libvirt_version)
      found = hosts->pdata[i];
  return found;
}

char *
mig_host_baseline_guest_cpu (const GPtrArray *hosts, GError **error)
{
  g_autoptr (GPtrArray) cpus = g_ptr_array_new_with_free_func (g_free);
  MigHost *asked = oldest (hosts);

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
  char *baseline = virConnectBaselineHypervisorCPU (asked->connection, NULL, NULL, NULL, "kvm",
                                                    (const char **) cpus->pdata, cpus->len,
                                                    VIR_CONNECT_BASELINE_CPU_MIGRATABLE);
  if (!baseline)
    mig_virt_error (error, "host '%s' finds no CPU that guests can have on all hosts", asked->name);
  char *copy = g_strdup (baseline);
  free (baseline);
  return copy;
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
