"""What several rooms' tests share: database servers and real processes."""
