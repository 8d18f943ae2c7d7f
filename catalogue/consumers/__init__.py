"""Those who take the catalogue from here: ``store`` knows them, ``usage`` what they took."""
