"""The maps between schemas: flat tables first, and functions only for what a table cannot say."""
