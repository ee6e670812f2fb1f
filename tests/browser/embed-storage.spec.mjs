// Storage in a frame on another site is apart, or refused, as the citizen's browser prefers: the widget
// works, says so, and goes on in a full tab with all that was typed.
import { answerAll, newMarker, readyForm, receipt, review, send, sendForm } from "./citizen.mjs";
import { barriers, expect, picture, test, widget } from "./widgets.mjs";

const APART = /khusus untuk situs ini/;
const REFUSED = /Peramban ini tidak menyimpan apa pun di dalam situs lain/;
/** The form itself says that it was written, with the time. */
const kept = (frame) => expect(frame.getByText(/^Tersimpan di ponsel ini, /)).toBeVisible();
const fullTab = (frame) => frame.getByRole("button", { name: "Lanjutkan di tab penuh" });
const FORM = "/layanan/32.73/lapor/JLN-01/isi";

async function open(page, url) {
  await page.goto(url);
  const frame = await widget(page);
  await expect(readyForm(frame)).toBeVisible();
  return frame;
}

const story = (frame) => frame.getByLabel("Ceritakan apa yang terjadi");

/** Goes on until `there` is. */
async function goTo(frame, there) {
  for (let step = 0; step < 10 && (await there.count()) === 0; step += 1) {
    const before = await frame.locator("#judul").innerText();
    for (const radio of await frame.getByRole("radio").all()) {
      const group = await radio.getAttribute("name");
      if ((await frame.locator(`[name="${group}"]:checked`).count()) === 0) await radio.check();
    }
    const address = frame.getByRole("textbox", { name: /alamat/i }).first();
    if (await address.isVisible()) await address.fill("Jalan Braga 10");
    await frame.getByRole("button", { name: "Lanjut", exact: true }).click();
    await expect.poll(() => frame.locator("#judul").innerText()).not.toBe(before);
  }
  await expect(there.first()).toBeAttached();
}

/** Presses what opens the full tab, and gives that. */
async function goOn(context, button) {
  const [tab] = await Promise.all([context.waitForEvent("page"), button.click()]);
  await expect(tab).toHaveURL(new RegExp(`^http://pendopo\\.localhost:\\d+${FORM}$`));
  await expect(readyForm(tab).or(review(tab)).first()).toBeVisible();
  return tab;
}

/** Whether the frame's browser gives it databases. */
const refuses = (frame) =>
  frame.evaluate(
    () =>
      new Promise((answer) => {
        const request = indexedDB.open("uji");
        request.onsuccess = () => answer(false);
        request.onerror = () => answer(true);
      }),
  );

/** A picture of one pixel; the form makes it into what the office takes. */
const PHOTO = {
  name: "lubang.png",
  mimeType: "image/png",
  buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
};

for (const storage of ["blocked", "allowed"]) {
  test.describe(`third-party cookies are ${storage}`, () => {
    test.use({ storage });

    test("control: what a frame on another site stores is not there on our own pages, and on the same site it is", async ({ page, town, context }) => {
    const store = (frame, value) =>
      frame.evaluate(async (value) => {
        localStorage.setItem("uji", value);
        await new Promise((done, failed) => Object.assign(indexedDB.open(`uji-${value}`), { onsuccess: done, onerror: failed }));
      }, value);
    const seen = (frame) =>
      frame.evaluate(async () => [localStorage.getItem("uji"), (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith("uji"))]);
    await store(await open(page, town.host("polos")), "lain");
    const own = await context.newPage();
    await own.goto(town.pendopo);
    expect(await seen(own.mainFrame())).toEqual([null, []]);
    await store(await open(await context.newPage(), town.neighbour("polos")), "sama");
    expect(await seen(own.mainFrame())).toEqual(["sama", ["uji-sama"]]);
    const access = await page.frames().at(-1).evaluate(() => document.hasStorageAccess());
    expect(access, "the browser follows its preference").toBe(storage === "allowed");
  });
  });
}

test.describe("storage is apart", () => {
  test("the widget keeps what is typed for this site, and says so; within one site it has nothing to say", async ({ page, town }) => {
    const frame = await open(page, town.host("polos"));
    await expect(frame.getByText(APART)).toBeVisible();
    const marker = newMarker();
    await story(frame).fill(marker);
    await kept(frame);
    await expect(story(await open(page, town.host("polos")))).toHaveValue(marker);
    const near = await open(page, town.neighbour("polos"));
    await expect(near.getByText(APART)).toHaveCount(0);
    await expect(fullTab(near)).toBeVisible();
  });

  test("a full tab takes over all that was typed, its file too, and is alone with it", async ({ page, town, context, city }) => {
    const addresses = [];
    context.on("request", (request) => addresses.push(request.url()));
    const frame = await open(page, town.host("polos"));
    const marker = newMarker();
    await story(frame).fill(marker);
    await goTo(frame, frame.locator("input[type=file]"));
    await frame.locator("input[type=file]").setInputFiles(PHOTO);
    await expect(frame.getByText("lubang.jpg")).toBeVisible();
    const tab = await goOn(context, fullTab(frame));
    await expect(frame.getByText("Anda melanjutkan di tab lain.")).toBeVisible();
    expect(await barriers(frame)).toEqual([]);
    await picture(page, "situs-lanjut");
    expect(await tab.evaluate(() => window.opener), "the tab is cut off from the site").toBe(null);
    expect(addresses.filter((url) => url.includes(marker)), "nothing of it was in an address").toEqual([]);

    await expect(story(await open(page, town.host("polos"))), "the site's frame has it no longer").toHaveValue("");
    await expect(tab.getByText("lubang.jpg")).toBeVisible();
    await answerAll(tab, newMarker());
    await send(tab).click();
    const reference = await receipt(tab);
    const filed = await city.casesWith(marker);
    expect(filed.map((one) => one.reference)).toEqual([reference]);
    expect(filed[0].media, "with its file").toHaveLength(1);
  });

  test("where both share one storage, going on in a full tab loses nothing", async ({ page, town, context }) => {
    const frame = await open(page, town.neighbour("polos"));
    const marker = newMarker();
    await story(frame).fill(marker);
    await kept(frame);
    const tab = await goOn(context, fullTab(frame));
    await expect(story(tab)).toHaveValue(marker);
    await expect(frame.getByText("Anda melanjutkan di tab lain.")).toBeVisible();
    await tab.reload();
    await expect(story(tab), "the draft was not discarded under it").toHaveValue(marker);
  });

  test("a site that cuts its windows off is told what to do, and nothing is lost", async ({ page, town }) => {
    const frame = await open(page, town.host("terputus"));
    const marker = newMarker();
    await story(frame).fill(marker);
    await kept(frame);
    await fullTab(frame).click();
    await expect(frame.getByText("Peramban ini tidak membuka tab.")).toBeVisible();
    await expect(story(frame)).toHaveValue(marker);
  });

  test("starting over is asked by the button itself, since browsers show no questions of a frame", async ({ page, town }) => {
    const frame = await open(page, town.host("polos"));
    await story(frame).fill("salah");
    await kept(frame);
    const again = await open(page, town.host("polos"));
    await again.getByRole("button", { name: "Mulai dari awal" }).click();
    await expect(story(again), "nothing is gone yet").toHaveValue("salah");
    await again.locator("[data-tanya]").click();
    await expect(story(again)).toHaveValue("");
  });
});

test.describe("storage is refused", () => {
  test.use({ storage: "refused" });

  test("control: the browser refuses it in the frame, and not on our own pages", async ({ page, town, context }) => {
    expect(await refuses(await open(page, town.host("polos")))).toBe(true);
    const own = await context.newPage();
    await own.goto(town.pendopo);
    expect(await refuses(own.mainFrame())).toBe(false);
  });

  test("the form says that nothing is kept, is filled in all the same, and is sent in a full tab", async ({ page, town, context, city }) => {
    const frame = await open(page, town.host("polos"));
    await expect(frame.getByText(REFUSED)).toBeVisible();
    await picture(page, "situs-tanpa-simpanan");
    expect(await barriers(frame)).toEqual([]);
    const marker = newMarker();
    await answerAll(frame, marker);
    await expect(send(frame), "here it cannot be sent").toHaveCount(0);
    await picture(page, "situs-tanpa-simpanan-periksa");
    const tab = await goOn(context, fullTab(frame).first());
    await answerAll(tab, newMarker());
    await send(tab).click();
    const reference = await receipt(tab);
    expect((await city.casesWith(marker)).map((one) => one.reference)).toEqual([reference]);
  });

  test("a search, a region's services and a look-up need no storage", async ({ page, town, context, city }) => {
    const own = await context.newPage();
    await sendForm(own, "jalan berlubang");
    const reference = await receipt(own);
    await city.move(reference, { status: "dijadwalkan" });
    await page.goto(town.host("sepuluh"));
    const services = await widget(page, 1);
    await expect(services.getByRole("link", { name: /jalan berlubang/i })).toBeVisible();
    const search = await widget(page, 2);
    await search.getByRole("searchbox").fill("lampu");
    await expect(search.getByRole("link", { name: /lampu/i }).first()).toBeVisible();
    const status = await widget(page, 3);
    await status.getByLabel("Nomor").fill(reference);
    await status.getByRole("button", { name: "Cari", exact: true }).click();
    await expect(status.locator("[data-phase]").first()).toHaveAttribute("data-phase", "scheduled");
  });
});
