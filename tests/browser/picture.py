"""Draws the README's pictures: the top of a report or of a live page, as a browser shows it.

python tests/browser/picture.py runs/latest/report.html docs/report.png
python tests/browser/picture.py <address of a live page> docs/live-page.png
"""

import argparse
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

WIDTH, HEIGHT = 1000, 1380


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the picture of a page.")
    parser.add_argument("page", help="the file of a report, or the address of a live page")
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    is_live = arguments.page.startswith("http://")
    if not is_live and not Path(arguments.page).is_file():
        parser.error(f"there is no report {arguments.page}; play a scenario first")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.add_argument(f"--window-size={WIDTH},{HEIGHT}")
    with webdriver.Chrome(
        options, webdriver.ChromeService(shutil.which("chromedriver"))
    ) as browser:
        metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(arguments.page if is_live else Path(arguments.page).resolve().as_uri())
        if is_live:
            drawn = expected_conditions.presence_of_element_located(("css selector", "#chart path"))
            WebDriverWait(browser, 20).until(drawn)
        browser.save_screenshot(str(arguments.picture))


if __name__ == "__main__":
    main()
