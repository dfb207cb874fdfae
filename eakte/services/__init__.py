"""What people do with the product, one class a subject.  Every method takes the Reader first.

A method is one transaction: it checks rights, changes state and writes the audit row together.
Methods answer with the frozen values of ``views.py``, never with ORM objects.
"""
