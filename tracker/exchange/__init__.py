"""Files from survey tools: how they are read, mapped, checked and staged; nothing here touches a database."""
