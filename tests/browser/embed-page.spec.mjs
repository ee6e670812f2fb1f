// `/sematkan`: what a region's web team chooses is what it sees and what it copies.
import { readFileSync } from "node:fs";

import { barriers, expect, picture, test, widget } from "./widgets.mjs";
import { readyForm } from "./citizen.mjs";

test("what is chosen is shown, and the lines to copy give the same on a site", async ({ page, town, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/sematkan");
  await page.getByLabel("Layanan", { exact: true }).selectOption({ label: "Jalan berlubang" });
  let preview = await widget(page);
  await expect(readyForm(preview)).toBeVisible();
  const lines = page.locator("pre").first();
  await expect(lines).toContainText('service="lapor/JLN-01"');
  await expect(lines, "a form that asks for a place may ask the phone").toContainText('allow="geolocation"');
  await expect(lines, "as high as it is").toContainText(/height="\d{3,4}"/);

  await page.getByText("Bahasa dan rupa").click();
  await page.getByLabel("Bahasa", { exact: true }).selectOption("en");
  await page.getByLabel("Warna").fill("#ffd200");
  await page.getByLabel("Lengkung sudut, dalam piksel").selectOption("0");
  await expect(async () => {
    preview = await widget(page);
    await expect(preview.getByRole("button", { name: "Next" })).toBeVisible({ timeout: 1000 });
    expect(await preview.evaluate(() => getComputedStyle(document.querySelector(".thumb .button")).borderRadius)).toBe("0px");
  }).toPass();
  expect(await barriers(preview), "the chosen yellow can be read").toEqual([]);
  expect(await barriers(page.mainFrame())).toEqual([]);
  await picture(page, "sematkan-pilihan");

  await page.getByRole("button", { name: "Salin" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await lines.innerText());

  const plain = readFileSync(new URL("hosts/polos.html", import.meta.url), "utf8");
  const body = plain.replace(/<script.*<\/script>/, "").replace(/<pendopo-widget.*<\/pendopo-widget>/s, copied);
  await page.route("**/polos.html", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await page.goto(town.host("polos"));
  const frame = await widget(page);
  await expect(frame.getByRole("button", { name: "Next" })).toBeVisible();
  await expect(readyForm(frame)).toBeVisible();
});

test("the other views are shown, and it is said what the hosters of both sides have to do", async ({ page, town }) => {
  await page.goto("/sematkan");
  await page.getByLabel("Tampilan").selectOption("status");
  await expect(page.getByLabel("Layanan", { exact: true })).toHaveCount(0);
  await expect.poll(() => page.frames().filter((one) => one.url().includes("/embed/status/32.73")).length).toBe(1);
  const frame = await widget(page);
  await expect(frame.getByLabel("Nomor")).toBeVisible();
  await expect(page.locator("pre").first()).not.toContainText("allow=");
  await expect(page.getByText(`script-src ${town.pendopo}; frame-src ${town.pendopo}`)).toBeVisible();
  await expect(page.getByText(/"32\.73" = \["https:/)).toBeVisible();
});
