"""Draws the README's picture of a report: the top of its page, as a browser shows it.

python tests/browser/picture.py runs/latest/report.html docs/report.png
"""

import argparse
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.wait import WebDriverWait

WIDTH, HEIGHT = 1000, 1380


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the picture of a report.")
    parser.add_argument("report", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    if not arguments.report.is_file():
        parser.error(f"there is no report {arguments.report}; play a scenario first")
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
        browser.get(arguments.report.resolve().as_uri())
        WebDriverWait(browser, 60).until(
            lambda driver: driver.execute_script("return document.documentElement.dataset.charts")
        )
        browser.save_screenshot(str(arguments.picture))


if __name__ == "__main__":
    main()
