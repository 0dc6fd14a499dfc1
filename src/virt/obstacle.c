/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>

#include "base/xml.h"
#include "virt/inspect.h"
#include "virt/internal.h"
#include "virt/obstacle-disk.h"
#include "virt/obstacle-list.h"

/* Until this libvirt virtiofs was refused whatever its daemon can; since when exactly it depends on
 * that (its "migrate-precopy") no release notes say. */
#define LIBVIRT_NO_VIRTIOFS 10005000

/* What libvirt's QEMU driver refuses to migrate, and what may fail on the destination. */
static const struct {
  const char *path;    /* nodes: an obstacle each */
  const char *subject; /* what one is called, from there */
  gboolean certain;
  const char *reason, *advice;
  guint64 refused_before; /* certain where the source's libvirt is older; 0: as above */
} rules[] = {
  { "/domain/devices/hostdev[not(@type='pci') and not(@type='usb')]", "string(@type)", TRUE,
    "it has a device of its host (%s)", "detach it (virsh detach-device)" },
  { "/domain/devices/hostdev[@type='usb']", "string(@type)", FALSE,
    "it has a device of its host (%s), which it finds on the destination only if one like it is "
    "plugged in there",
    "detach it (virsh detach-device)" },
  { "/domain/devices/hostdev[@type='pci'] | /domain/devices/interface[@type='hostdev']",
    "string(@type)", FALSE, "it has a device of its host (%s), which few can migrate",
    "detach it if its driver does not migrate" },
  { "/domain/devices/shmem[not(@role='master')]", "string(@name)", TRUE,
    "it has the shared memory device '%s', which only role='master' lets migrate", "detach it" },
  { "/domain/cpu/feature[@name='invtsc' and (@policy='require' or @policy='force')]"
    "[not(/domain/clock/timer[@name='tsc' and @frequency])]",
    "string(@name)", TRUE, "its CPU has %s, and its clock no frequency of the TSC",
    "give its <timer name='tsc'> a frequency, and start it anew" },
  { "/domain/devices/disk/transient", "string(../target/@dev)", TRUE,
    "its disk %s is transient: what is written to it is lost at its end",
    "define the disk without <transient/>, and start the guest anew" },
  { "/domain/devices/disk/mirror", "string(../target/@dev)", TRUE, "a job copies its disk %s",
    "wait for it, or end it (virsh blockjob --abort)" },
  { "/domain/devices/filesystem[driver/@type='virtiofs']", "string(target/@dir)", FALSE,
    "it mounts '%s' from its host by virtiofs, which libvirt before 10.5 does not migrate, nor a "
    "later one with a virtiofsd that cannot",
    "unmount and detach it", LIBVIRT_NO_VIRTIOFS },
  { "/domain/devices/filesystem[not(driver/@type='virtiofs')]", "string(target/@dir)", FALSE,
    "it mounts '%s' from its host, which older versions of libvirt and QEMU do not migrate",
    "unmount and detach it" },
  { "/domain/devices/graphics/listen[@type='address' and @address != '0.0.0.0' and "
    "@address != '::' and @address != '::1' and not(starts-with(@address, '127.'))]",
    "string(@address)", FALSE, "its graphics listen on %s, an address that its destination needs",
    "let them listen on 0.0.0.0" },
  { "/domain/devices/tpm/backend[@type='passthrough']", "string(@type)", TRUE,
    "it has the TPM of its host (%s)", "give it an emulated one" },
};

static void
obstacle_free (gpointer data)
{
  MigGuestObstacle *self = data;
  g_free (self->reason);
  g_free (self->advice);
  g_free (self);
}

GPtrArray *
mig_obstacles_list (void)
{
  return g_ptr_array_new_with_free_func (obstacle_free);
}

void
mig_obstacle_add (GPtrArray *obstacles, gboolean certain, char *reason, const char *advice)
{
  MigGuestObstacle *self = g_new (MigGuestObstacle, 1);
  *self = (MigGuestObstacle){ certain, reason, g_strdup (advice) };
  g_ptr_array_add (obstacles, self);
}

/* evaluate: an expression that is a text, at a node. The caller frees it. */
static char *
evaluate (xmlXPathContextPtr context, xmlNodePtr node, const char *expression)
{
  context->node = node;
  xmlXPathObjectPtr object = xmlXPathEvalExpression (BAD_CAST expression, context);
  char *text = g_strdup (object && object->stringval ? (const char *) object->stringval : "");
  xmlXPathFreeObject (object);
  return text;
}

static void
apply_rule (xmlXPathContextPtr context, guint rule, guint64 libvirt_version, GPtrArray *obstacles)
{
  gboolean certain = rules[rule].certain ||
                     (libvirt_version && libvirt_version < rules[rule].refused_before);

  xmlXPathObjectPtr nodes = xmlXPathEvalExpression (BAD_CAST rules[rule].path, context);

  for (int i = 0; nodes && nodes->nodesetval && i < nodes->nodesetval->nodeNr; i++)
    {
      g_autofree char *subject = evaluate (context, nodes->nodesetval->nodeTab[i],
                                           rules[rule].subject);
      g_auto (GStrv) parts = g_strsplit (rules[rule].reason, "%s", 2);
      mig_obstacle_add (obstacles, certain, g_strjoinv (subject, parts), rules[rule].advice);
    }
  xmlXPathFreeObject (nodes);
}

GPtrArray *
mig_domain_obstacles (const char *xml, guint64 libvirt_version)
{
  GPtrArray *obstacles = mig_obstacles_list ();
  xmlDocPtr doc = mig_xml_parse (xml, strlen (xml), "domain", "domain", NULL);
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;

  for (guint i = 0; context && i < G_N_ELEMENTS (rules); i++)
    apply_rule (context, i, libvirt_version, obstacles);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  return obstacles;
}

/* look_at_disks: by libvirt's driver for QEMU, the only one that asks. */
static void
look_at_disks (const MigHost *host, const char *xml, const MigMigrationFlags *flags,
               GPtrArray *obstacles)
{
  const MigDiskHost disk_host = { host->info.libvirt_version, host->info.hypervisor_version,
                                  mig_host_is_local (host) };

  if (strcmp (host->info.driver, "QEMU") == 0)
    mig_domain_disk_obstacles (xml, &disk_host, flags, obstacles);
}

GPtrArray *
mig_guest_obstacles (MigGuest *guest, const char *xml, const MigMigrationFlags *flags)
{
  GPtrArray *obstacles = mig_domain_obstacles (xml ? xml : "", guest->host->info.libvirt_version);
  int snapshots = virDomainSnapshotNum (guest->domain, 0);

  if (xml)
    look_at_disks (guest->host, xml, flags, obstacles);
  if (snapshots > 0)
    mig_obstacle_add (
        obstacles, TRUE,
        g_strdup_printf ("it has %d snapshot%s", snapshots, snapshots == 1 ? "" : "s"),
        "delete them (virsh snapshot-delete)");
  return obstacles;
}
